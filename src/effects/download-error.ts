/** A picture that could not be fetched. The message is a phrase without a full stop. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
  readonly why: 'hostile' | 'too-large' | 'not-found' | 'network' | 'truncated' | 'not-a-picture' | 'stopped'
  /** What came whole, and is no picture. */
  readonly body: Uint8Array | null

  constructor(why: DownloadError['why'], message: string, body: Uint8Array | null = null) {
    super(message)
    this.why = why
    this.body = body
  }
}
