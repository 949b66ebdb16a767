/** How an exchange over HTTP failed. The message is a phrase without a full stop, in words of our own. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly why: 'time-out' | 'network' | 'truncated' | 'too-large' | 'refused-address' | 'stopped'
  /** False only when the request certainly never left this machine. */
  readonly arrived: boolean
  /** True when trying again cannot help: a certificate that is not trusted, a header that cannot be sent. */
  readonly permanent: boolean

  constructor(
    why: ExchangeError['why'],
    message: string,
    facts: { readonly arrived: boolean; readonly permanent?: boolean },
  ) {
    super(message)
    this.why = why
    this.arrived = facts.arrived
    this.permanent = facts.permanent ?? false
  }
}

/** The code a guarded name look-up ends with when a name leads where nothing may be fetched from. */
export const REFUSED_ADDRESS = 'ERR_PIXELKILN_ADDRESS'

/** Turns what the HTTP client threw into an `ExchangeError`. `answered` tells that headers had come. */
export function explainFailure(
  error: unknown,
  context: { readonly answered: boolean; readonly idleMs: number },
): ExchangeError {
  const code = codeOf(error)
  const words = MEANINGS[code]
  if (code === REFUSED_ADDRESS) {
    return new ExchangeError('refused-address', 'its name leads into a private network', { arrived: false })
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ExchangeError('time-out', `nothing came for ${context.idleMs / 1000} s`, { arrived: true })
  }
  if (context.answered) {
    return new ExchangeError('truncated', 'the connection was cut within the answer', { arrived: true })
  }
  if (isCertificate(code)) {
    const message = `${words ?? 'the certificate of the other side is not valid'} (${code})`
    return new ExchangeError('network', message, { arrived: false, permanent: true })
  }
  if (code.startsWith('UND_ERR_INVALID') || code === 'ERR_INVALID_URL') {
    const message = `the request cannot be put into HTTP (${code})`
    return new ExchangeError('network', message, { arrived: false, permanent: true })
  }
  const proxied = /Proxy response \((\d{3})\)/.exec(error instanceof Error ? error.message : '')
  if (proxied) {
    const message = `the proxy turned the connection away (HTTP ${proxied[1] ?? ''})`
    return new ExchangeError('network', message, { arrived: false })
  }
  const shown = code === '' ? 'the connection failed' : `${words ?? 'the connection failed'} (${code})`
  return new ExchangeError('network', shown, { arrived: !neverLeft(error) })
}

/**
 * True when no connection came about. The code alone does not tell: a network that breaks down later ends an open
 * connection with the same ones.
 */
function neverLeft(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverLeft)
  if ('syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')) return true
  if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return true
  return error.cause !== undefined && neverLeft(error.cause)
}

function isCertificate(code: string): boolean {
  return (
    /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CRL_|INVALID_CA|PATH_LENGTH_)/.test(code) ||
    code === 'HOSTNAME_MISMATCH' ||
    code === 'ERR_TLS_CERT_ALTNAME_INVALID'
  )
}

/** The code of the innermost cause: the client and happy eyeballs wrap what the system said. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  const below = inner === undefined ? '' : codeOf(inner)
  if (below !== '') return below
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const UNTRUSTED = 'the certificate is not trusted; NODE_EXTRA_CA_CERTS can name its authority'

const MEANINGS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is not known; is there a network?',
  EAI_AGAIN: 'the host name could not be looked up; is there a network?',
  ECONNREFUSED: 'nothing answers at that address',
  EHOSTUNREACH: 'the host cannot be reached; is there a network?',
  ENETUNREACH: 'the host cannot be reached; is there a network?',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate belongs to another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
}
