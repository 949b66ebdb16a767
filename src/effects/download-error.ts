/** A picture that could not be fetched. The message is a phrase without a full stop. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
  readonly why: 'hostile' | 'too-large' | 'not-found' | 'network' | 'truncated' | 'not-a-picture' | 'stopped'

  constructor(why: DownloadError['why'], message: string) {
    super(message)
    this.why = why
  }
}
