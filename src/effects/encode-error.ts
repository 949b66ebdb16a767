/** An original that cannot be decoded, or an output that cannot be made of it; the message says which and why. */
export class EncodeError extends Error {
  override readonly name: string = 'EncodeError'
  /** `damaged`: the file of the original is not there, or its bytes are others than its name says. */
  readonly why: 'failed' | 'damaged'

  constructor(message: string, facts: { readonly why?: EncodeError['why']; readonly cause?: unknown } = {}) {
    super(message, 'cause' in facts ? { cause: facts.cause } : {})
    this.why = facts.why ?? 'failed'
  }
}
