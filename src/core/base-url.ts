import { addressKind } from './addresses.ts'
import type { Problem } from './problems.ts'

/** The service's address as calls need it. */
export interface BaseUrl {
  /** Without a slash at its end. */
  readonly url: string
  readonly origin: string
  /** True when it is this machine: only then may it be plain http, and only then may pictures come from here. */
  readonly loopback: boolean
}

/** Reads `APIFRAME_BASE_URL` or its like: https, or http on this machine; no user name, query or fragment. */
export function checkBaseUrl(text: string): BaseUrl | { readonly problem: Problem } {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return wrong('is no web address', 'Write it like https://api.apiframe.ai.')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return wrong(
      'holds more than an address',
      'Leave out user name, password, query and fragment; the key belongs in APIFRAME_API_KEY.',
    )
  }
  const loopback = isLoopbackHost(url.hostname)
  if (url.protocol === 'http:' && !loopback) {
    return wrong(
      'is plain http, which would send the API key unprotected',
      'Use https; http is for this machine only (http://127.0.0.1:PORT).',
    )
  }
  return { url: url.href.replace(/\/+$/, ''), origin: url.origin, loopback }
}

/** True for `localhost` and literal loopback addresses, as a URL's `hostname` writes them. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || addressKind(hostname) === 'loopback'
}

/** The text itself is not repeated: people paste keys into the wrong variable. */
function wrong(what: string, remedy: string): { readonly problem: Problem } {
  return { problem: { code: 'service/base-url', message: `The service's base URL ${what}. ${remedy}` } }
}
