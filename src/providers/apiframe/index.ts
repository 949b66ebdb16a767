import type { Provider } from '../../core/provider.ts'
import { find } from './find.ts'
import { poll } from './poll.ts'
import { check, factsOf, prepare, price } from './request.ts'
import { submit } from './submit.ts'

/** Apiframe v2: 51 image models behind one key. Facts of the models are in `models.ts`, the rest of the service here. */
export const apiframe: Provider = {
  contract: 1,
  name: 'apiframe',
  revision: 'v2/2026-07-16',
  idempotent: true,
  check,
  aspects: (model) => factsOf(model)?.aspects ?? [],
  perJob: (model) => factsOf(model)?.perJob ?? { min: 1, max: 1 },
  price,
  prepare,
  withWebhook: (body, url) =>
    `${body.slice(0, -1)},"webhookUrl":${JSON.stringify(url)},"webhookEvents":["completed","failed"]}`,
  submit,
  poll,
  find,
}
