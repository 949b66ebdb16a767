import { hasBudget, UNASKED_LIMIT } from '../build/money.ts'
import { checkBaseUrl } from '../core/base-url.ts'
import { affordable } from '../core/pending.ts'
import type { Order } from '../core/watch-step.ts'
import type { WatchEvent, WatchOptions } from './options.ts'
import type { Standing } from './standing.ts'

type HeldBack = WatchEvent & { readonly type: 'held-back' }

/** What a session may buy by itself now, and what it may not though it would. */
export interface May {
  readonly order: Order | null
  readonly heldBack: HeldBack | null
}

/** Credits that the session may spend in all; null is no limit. `by` says for whom: where nobody can be asked, there is always one. */
export function sessionLimit(
  options: Pick<WatchOptions, 'budget' | 'emulator' | 'environment'>,
  budget: Standing['budget'],
  by: Order['by'],
): number | null {
  const given = options.budget ?? budget.run
  if (given !== undefined) return given
  return by === 'person' || isFree(options) ? null : UNASKED_LIMIT
}

/** Decides what is bought without a key press: what was not tried yet, in the manifest's order, while the budgets last. */
export function sessionOrder(options: WatchOptions, standing: Standing, tried: ReadonlySet<string>): May {
  if (options.buy !== true && options.buy !== 'with-budget') return { order: null, heldBack: null }
  const open = standing.open.purchases.filter((purchase) => !tried.has(purchase))
  const wanted = standing.pending.filter(
    ({ failed, purchases }) => !failed && !purchases.every((purchase) => tried.has(purchase)),
  )
  const { budget, spent, today } = standing
  const limit = sessionLimit(options, budget, 'session')
  const held = (why: HeldBack['why'], most: number | null): HeldBack => {
    const images = wanted.flatMap((entry) => entry.images)
    return { type: 'held-back', why, images, limit: most, spent: why === 'day-budget' ? today : spent }
  }
  const given = hasBudget(options.budget, { budget })
  if (options.buy === 'with-budget' && !given && options.emulator !== true)
    return { order: null, heldBack: wanted.length > 0 ? held('no-budget', null) : null }
  const run = limit === null ? Number.POSITIVE_INFINITY : limit - spent
  const day = budget.day === undefined ? Number.POSITIVE_INFINITY : budget.day - today
  const left = Math.max(0, Math.min(run, day))
  const fitting = affordable(wanted, {
    credits: Number.isFinite(left) ? left : null,
    unknownPrices: options.allowUnknownPrices ?? false,
  })
  const purchases = fitting.flatMap((entry) => entry.purchases)
  const heldBack =
    wanted.length > fitting.length
      ? day < run
        ? held('day-budget', budget.day ?? null)
        : held('budget', limit)
      : null
  if (purchases.length === 0 && open.length === 0) return { order: null, heldBack }
  return { order: { purchases, budget: null, by: 'session' }, heldBack }
}

/** Whether what is bought costs nothing: the emulator, or a service on this machine. */
export function isFree({ emulator, environment }: Pick<WatchOptions, 'emulator' | 'environment'>): boolean {
  if (emulator === true) return true
  const url = (environment ?? process.env)['APIFRAME_BASE_URL']
  const base = url === undefined ? null : checkBaseUrl(url)
  return base !== null && !('problem' in base) && base.loopback
}
