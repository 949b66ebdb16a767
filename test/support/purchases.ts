import type { BuyJob } from '../../src/core/plan-purchases.ts'

/** A purchase that is told from others by its take, of which nothing else matters. */
export function purchaseOf(take: number, model = 'm'): BuyJob {
  const request = { provider: 'p', model, prompt: '', aspect: null, params: {}, references: [], reroll: 0 }
  const parts = { model: '', prompt: '', style: '', aspect: '', params: '', reroll: '' }
  const words = { declared: '', parts, body: '', images: [], reason: '', credits: 1 }
  return {
    kind: 'buy',
    purchase: '',
    request,
    requestKey: '',
    firstTake: take,
    count: 1,
    epoch: 0,
    ...words,
  }
}
