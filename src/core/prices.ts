import type { ImageRequest } from './image.ts'
import type { JournalPurchase } from './journal.ts'
import type { Provider } from './provider.ts'

/**
 * The provider with the highest of its documented prices, those of the config, and what the journal says that such
 * purchases came to: prices rise, and a budget that trusts an old one is passed.
 */
export function priced(
  provider: Provider,
  own: Readonly<Record<string, number>>,
  purchases: ReadonlyMap<string, JournalPurchase>,
): Provider {
  const seen = costsSeen(provider, purchases)
  return withPrice(provider, (request, count) => {
    const { model } = request
    const units = unitsOf(provider, model, count)
    const given = own[model] ?? own[`${provider.name}/${model}`]
    const documented = provider.price(request, count)
    const known = given === undefined ? documented : Math.max(given * units, documented ?? 0)
    const came = seen.get(nameOf(model, known, units))
    return came === undefined ? known : Math.max(came * units, known ?? 0)
  })
}

/** Method by method, because a provider written in code may be an instance of a class. */
function withPrice(provider: Provider, price: Provider['price']): Provider {
  const { contract, name, revision, idempotent } = provider
  return {
    contract,
    name,
    revision,
    idempotent,
    price,
    check: (request) => provider.check(request),
    aspects: (model) => provider.aspects(model),
    perJob: (model) => provider.perJob(model),
    prepare: (request, count) => provider.prepare(request, count),
    withWebhook: (body, url) => provider.withWebhook?.(body, url) ?? body,
    submit: (purchase, io) => provider.submit(purchase, io),
    poll: (job, io) => provider.poll(job, io),
    find: (purchase, known, io) => provider.find(purchase, known, io),
  }
}

/** The highest cost of one picture (of one job, where a job always makes several), by what was set aside for it. */
function costsSeen(
  provider: Provider,
  purchases: ReadonlyMap<string, JournalPurchase>,
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>()
  for (const { intended, finished } of purchases.values()) {
    if (intended.provider !== provider.name || finished === null || finished.credits === null) continue
    const units = unitsOf(provider, intended.model, intended.count)
    const name = nameOf(intended.model, intended.reserved, units)
    costs.set(name, Math.max(costs.get(name) ?? 0, finished.credits / units))
  }
  return costs
}

function unitsOf(provider: Provider, model: string, count: number): number {
  return provider.perJob(model).min > 1 ? 1 : count
}

function nameOf(model: string, credits: number | null, units: number): string {
  return `${model} ${credits === null ? 'unknown' : credits / units}`
}

/** Credits of so many takes of one request, in as few jobs as it takes; null when the price is not known. */
export function priceOfTakes(provider: Provider, request: ImageRequest, takes: number): number | null {
  const { min, max } = provider.perJob(request.model)
  const rest = takes % max
  const counts = [
    ...Array.from({ length: Math.floor(takes / max) }, () => max),
    ...(rest > 0 ? [Math.max(min, rest)] : []),
  ]
  return totalOf(counts, (count) => provider.price(request, count))
}

/** Credits of several things together; null as soon as one of them is not known. */
export function totalOf<T>(things: readonly T[], creditsOf: (thing: T) => number | null): number | null {
  return things.reduce<number | null>((total, thing) => {
    const credits = creditsOf(thing)
    return total === null || credits === null ? null : total + credits
  }, 0)
}
