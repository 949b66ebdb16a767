import { isLoopbackHost } from './base-url.ts'
import type { Problem } from './problems.ts'
import type { Provider } from './provider.ts'

/** Settings about the machine, not about pictures; every one may be left out. */
export interface Config {
  /** Folder of the originals, relative to the project. Default `.pixelkiln/originals`. */
  readonly store?: string
  /** Purchases at once, or per model: `{ default: 4, "dall-e-3": 2 }`. Default 4. */
  readonly concurrency?: number | Readonly<Record<string, number>>
  /** Credits: `{ run: 200, day: 500 }`. */
  readonly budget?: { readonly run?: number; readonly day?: number }
  /** Credits per picture by model, where the table is behind: `{ "midjourney": 20 }`. */
  readonly prices?: Readonly<Record<string, number>>
  /** Proxy for all requests; default is HTTPS_PROXY. */
  readonly proxy?: string
  /** Hear from the service instead of only asking: its public address (a tunnel's), and the port here that the tunnel leads to. */
  readonly webhook?: { readonly url: string; readonly listen: number }
  /** Reporters by name, as `--reporter` takes them. */
  readonly reporters?: readonly string[]
  /** Providers written in code (only in a `.js` or `.mjs` config). */
  readonly providers?: readonly Provider[]
}

type Check = (value: unknown) => string | null

const positive: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? null : 'must be a number of 0 or more'
const slots: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100
    ? null
    : 'must be a whole number from 1 to 100'
const text: Check = (value) => (typeof value === 'string' && value !== '' ? null : 'must be a text')
const numbers =
  (check: Check, keys?: readonly string[]): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a map'
    for (const [key, member] of Object.entries(value)) {
      if (keys && !keys.includes(key)) return `has the unknown key "${key}" (known: ${keys.join(', ')})`
      const wrong = check(member)
      if (wrong) return `"${key}" ${wrong}`
    }
    return null
  }

const CHECKS: Readonly<Record<keyof Config, Check>> = {
  store: text,
  concurrency: (value) => (typeof value === 'number' ? slots(value) : numbers(slots)(value)),
  budget: numbers(positive, ['run', 'day']),
  prices: numbers(positive),
  proxy: text,
  webhook: isWebhook,
  reporters: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string')
      ? null
      : 'must be a list of texts',
  providers: (value) =>
    Array.isArray(value) && value.every(isProvider)
      ? null
      : 'must be a list of providers (see "Writing a provider")',
}

function isWebhook(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('url' in value) || !('listen' in value))
    return 'must be a map of "url" and "listen"'
  const { url, listen } = value
  const port = typeof listen === 'number' && Number.isInteger(listen) && listen >= 1 && listen <= 65_535
  if (!port) return '"listen" must be a port, 1 to 65535'
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
  const safe =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopbackHost(parsed.hostname))
  return safe ? null : '"url" must be an https address that leads to that port'
}

/** Checks a config as it was loaded; every mistake at once. */
export function checkConfig(
  value: unknown,
  file: string,
): { readonly config: Config; readonly problems: readonly Problem[] } {
  if (value === null || value === undefined) return { config: {}, problems: [] }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { config: {}, problems: [wrong(file, 'it must be a map of settings')] }
  }
  const problems: Problem[] = []
  const known = Object.keys(CHECKS)
  for (const [key, member] of Object.entries(value)) {
    const check = key in CHECKS ? CHECKS[key as keyof Config] : null
    const mistake = check ? check(member) : `is not a setting (known: ${known.join(', ')})`
    if (mistake) problems.push(wrong(file, `"${key}" ${mistake}`))
  }
  // Every member was checked above.
  return { config: problems.length === 0 ? value : {}, problems }
}

function wrong(file: string, what: string): Problem {
  return { code: 'config/wrong', message: `${file}: ${what}.` }
}

function isProvider(value: unknown): value is Provider {
  return (
    typeof value === 'object' &&
    value !== null &&
    'contract' in value &&
    value.contract === 1 &&
    'submit' in value
  )
}
