import type { BuyJob } from '../core/plan-purchases.ts'

/** How many jobs may be at work at the service. */
export interface PlaceCounts {
  readonly purchases: number
  /** Of these at most so many per model, by `model` or `provider/model`. */
  readonly models: Readonly<Record<string, number>>
}

/**
 * Runs purchases in places, which count what the service is at work on: in their order, each begun when a place is free
 * and not before. A purchase leaves its place when its job has `ended` there, and at its own end at the latest; as many
 * may be gone and still wait for their pictures as there are places, so that a slow disk slows the buying. `buy` answers
 * whether a picture was stored and never rejects: until one is, nobody knows that the disk takes any, and nobody leaves early.
 */
export async function inPlaces(
  purchases: Iterable<BuyJob> | AsyncIterable<BuyJob>,
  counts: PlaceCounts,
  buy: (job: BuyJob, ended: () => void) => Promise<boolean>,
): Promise<void> {
  const all = createPlaces(counts.purchases)
  const models = new Map(Object.entries(counts.models).map(([model, count]) => [model, createPlaces(count)]))
  const early = createEarly(counts.purchases)
  const running = new Set<Promise<void>>()
  for await (const job of purchases) {
    await all.take()
    const { provider, model } = job.request
    const purchase = runOne(job, models.get(model) ?? models.get(`${provider}/${model}`))
    running.add(purchase)
    void purchase.finally(() => running.delete(purchase))
  }
  await Promise.all(running)

  async function runOne(job: BuyJob, own: Places | undefined): Promise<void> {
    await own?.take()
    const leave = (): void => {
      own?.leave()
      all.leave()
    }
    const stored = await buy(job, () => early.ended(leave))
    early.done(leave, stored)
  }
}

interface Places {
  readonly take: () => Promise<void>
  readonly leave: () => void
}

/** Whoever waits for a place gets one in turn. */
function createPlaces(count: number): Places {
  const waiting: (() => void)[] = []
  let free = count
  return {
    take: async () => {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave: () => {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    },
  }
}

/** Who leaves a place before the pictures are here: held until one is stored and not too many are gone. */
function createEarly(most: number): {
  readonly ended: (leave: () => void) => void
  readonly done: (leave: () => void, stored: boolean) => void
} {
  const held = new Set<() => void>()
  const gone = new Set<() => void>()
  let stores = false
  const letGo = (): void => {
    for (const leave of held) {
      if (!stores || gone.size >= most) return
      held.delete(leave)
      gone.add(leave)
      leave()
    }
  }
  return {
    ended: (leave) => {
      held.add(leave)
      letGo()
    },
    done: (leave, stored) => {
      stores ||= stored
      held.delete(leave)
      if (!gone.delete(leave)) leave()
      letGo()
    },
  }
}
