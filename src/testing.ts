import { parseAspect } from './core/aspect.ts'
import type { ImageRequest } from './core/image.ts'
import { SendError } from './core/provider.ts'
import type { Call, Provider, ProviderIo, Reply } from './core/provider.ts'

/** What a conformance run needs to know of a provider's world. */
export interface ConformanceOptions {
  /** A request that the provider can honour. */
  readonly request: ImageRequest
}

/**
 * Holds a provider to its contract: pure methods are pure, a submit carries its idempotency key, and no answer of a
 * service, however broken, makes it throw or call a doubtful purchase free. Returns what is wrong, in words; an empty
 * list is a pass. Opens no socket.
 */
export async function providerFaults(
  provider: Provider,
  options: ConformanceOptions,
): Promise<readonly string[]> {
  const pure = pureFaults(provider, options.request)
  if (pure.length > 0) return pure
  return [
    ...(await answerFaults(provider, options.request)),
    ...(await silenceFaults(provider, options.request)),
  ]
}

function pureFaults(provider: Provider, request: ImageRequest): string[] {
  const faults: string[] = []
  const expect = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault)
  }
  const { model } = request
  expect(provider.contract === 1, 'contract must be 1')
  expect(/^[a-z][a-z0-9-]*$/.test(provider.name), 'name must be lower-case letters, digits and hyphens')
  expect(provider.revision !== '', 'revision must not be empty')
  expect(
    provider.aspects(model).every((aspect) => parseAspect(aspect) !== null),
    'aspects() must list ratios such as "3:2"',
  )
  const { min, max } = provider.perJob(model)
  expect(
    Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max >= min,
    'perJob() must be whole numbers, 1 ≤ min ≤ max',
  )
  const price = provider.price(request, min)
  expect(
    price === null || (Number.isFinite(price) && price >= 0),
    'price() must be credits of 0 or more, or null for unknown',
  )
  const before = JSON.stringify(request)
  const frozen = deepFreeze(structuredClone(request))
  expect(provider.check(frozen).length === 0, 'check() must accept the request it is tested with')
  const bodies = [provider.prepare(frozen, min), provider.prepare(frozen, min)]
  expect(bodies[0] === bodies[1], 'prepare() must give the same body each time')
  expect(JSON.stringify(frozen) === before, 'no method may change the request')
  return faults
}

/** Answers no service documents and some services give. */
const ODD_ANSWERS: readonly (readonly [status: number, text: string])[] = [
  [200, ''],
  [200, 'null'],
  [200, '[]'],
  [200, '"COMPLETED"'],
  [200, '{"status":"COMPLETED","result":{"images":[]}}'],
  [200, '{"status":"BRAND_NEW_STATUS"}'],
  [202, '{}'],
  [202, '<html>'],
  [400, '{"error":{"message":"no"}}'],
  [401, '{}'],
  [402, '{}'],
  [403, 'Forbidden'],
  [404, 'not found'],
  [409, '{}'],
  [429, '{}'],
  [500, ''],
  [503, '<html><body>Service Unavailable</body></html>'],
  [504, '<html><body>Gateway Time-out</body></html>'],
]

async function answerFaults(provider: Provider, request: ImageRequest): Promise<string[]> {
  const faults: string[] = []
  const purchase = purchaseOf(provider, request)
  for (const [status, text] of ODD_ANSWERS) {
    const calls: Call[] = []
    const io = ioThat((call) => {
      calls.push(call)
      return Promise.resolve(reply(status, text))
    })
    const named = `the answer ${status} ${text.slice(0, 30)}`
    const submitted = await provider.submit(purchase, io).catch(() => null)
    if (submitted === null) faults.push(`submit() threw on ${named}`)
    const free = submitted?.type === 'rejected'
    if (free && status < 400) faults.push(`submit() calls it free on ${named}; a picture may be on its way`)
    if (free && [500, 504].includes(status)) faults.push(`submit() calls it free on ${named}`)
    if (submitted?.type === 'accepted' && submitted.job === '')
      faults.push(`submit() took an empty job id on ${named}`)
    const posts = calls.filter((call) => call.method === 'POST')
    if (posts.length > 1) faults.push(`submit() sent more than one POST on ${named}`)
    if (provider.idempotent && posts.some((call) => call.idempotencyKey !== purchase.key))
      faults.push('submit() must send the purchase key as idempotencyKey')
    if (posts.some((call) => call.body !== purchase.body)) faults.push('submit() must send the prepared body')
    if ((await provider.poll('job-1', io).catch(() => null)) === null) faults.push(`poll() threw on ${named}`)
    const found = await provider.find(openOf(purchase, request), new Set(), io).catch(() => null)
    if (found === null) faults.push(`find() threw on ${named}`)
    if (found?.type === 'absent' && calls.length > 0 && status >= 400)
      faults.push(`find() is sure that nothing was bought on ${named}`)
  }
  return [...new Set(faults)]
}

/** A time-out on submit is unknown, never free. */
async function silenceFaults(provider: Provider, request: ImageRequest): Promise<string[]> {
  let called = false
  const io = ioThat(() => {
    called = true
    return Promise.reject(new SendError('time-out', true, 'no answer in 60 s'))
  })
  const submitted = await provider.submit(purchaseOf(provider, request), io).catch(() => null)
  const certain = submitted !== null && submitted.type !== 'unknown'
  return called && certain ? ['submit() must answer "unknown" (or throw) when no answer came'] : []
}

function purchaseOf(provider: Provider, request: ImageRequest): { key: string; body: string } {
  return { key: 'c'.repeat(64), body: provider.prepare(request, provider.perJob(request.model).min) }
}

function openOf(
  purchase: { readonly key: string; readonly body: string },
  request: ImageRequest,
): Parameters<Provider['find']>[0] {
  return {
    purchase: purchase.key,
    body: purchase.body,
    model: request.model,
    intendedMs: Date.UTC(2026, 0, 1),
    job: null,
  }
}

function ioThat(send: ProviderIo['send']): ProviderIo {
  return { send, draw: () => Promise.resolve(new Uint8Array()) }
}

function reply(status: number, text: string): Reply {
  try {
    return { status, headers: {}, text, json: JSON.parse(text) }
  } catch {
    return { status, headers: {}, text, json: undefined }
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
