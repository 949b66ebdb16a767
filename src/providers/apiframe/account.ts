import { type ProviderIo, type Reply, SendError } from '../../core/provider.ts'
import { errorText, fieldsOf, keyRefusal, oneLine, statusInWords } from './replies.ts'

/** What the service says of a key. Messages are phrases without a full stop. */
export type Account =
  | {
      readonly type: 'accepted'
      /** The team's balance; null where it is not said. */
      readonly credits: number | null
      /** `pro`, `free`, …; null where it is not said. */
      readonly plan: string | null
    }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'unreachable'; readonly message: string }

/** Asks `GET /v2/me` whether the key is accepted and what is left. Free; takes no names or addresses of people. */
export async function readAccount(io: Pick<ProviderIo, 'send'>): Promise<Account> {
  const reply = await ask(io, '/v2/me')
  if ('message' in reply) return { type: 'unreachable', message: reply.message }
  // A 403 without words of the service comes from something in front of it and says nothing of the key.
  const refused = reply.status === 401 || (reply.status === 403 && errorText(reply) !== null)
  if (refused) return { type: 'refused', message: keyRefusal(reply) }
  if (reply.status === 403) return { type: 'unreachable', message: keyRefusal(reply) }
  const caller = fieldsOf(reply.json)
  if (reply.status !== 200 || caller === null) {
    return { type: 'unreachable', message: `no usable answer about the account: ${statusInWords(reply)}` }
  }
  const team = fieldsOf(caller['team'])
  const credits = team?.['credits']
  return {
    type: 'accepted',
    credits: typeof credits === 'number' && Number.isFinite(credits) ? credits : null,
    plan: oneLine(team?.['plan']),
  }
}

/** One model of the service's own list. */
export interface LiveModel {
  readonly id: string
  /** Credits of its dearest setting; null where the list does not say. */
  readonly most: number | null
}

export type LiveModels =
  | { readonly type: 'listed'; readonly models: readonly LiveModel[] }
  | { readonly type: 'unreachable'; readonly message: string }

/** Asks `GET /v2/models` which image models there are now. Free, and needs no key. A list without any image model counts as no answer. */
export async function readLiveModels(io: Pick<ProviderIo, 'send'>): Promise<LiveModels> {
  const reply = await ask(io, '/v2/models?modality=image')
  if ('message' in reply) return { type: 'unreachable', message: reply.message }
  const list = fieldsOf(reply.json)?.['models']
  const models = reply.status === 200 && Array.isArray(list) ? list.flatMap(readModel) : []
  if (models.length > 0) return { type: 'listed', models }
  return { type: 'unreachable', message: `no usable list of models: ${statusInWords(reply)}` }
}

async function ask(
  io: Pick<ProviderIo, 'send'>,
  path: string,
): Promise<Reply | { readonly message: string }> {
  try {
    return await io.send({ method: 'GET', path })
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return { message: error.message }
  }
}

/** Fields beyond the id are optional; a list that ignores the filter also names video and music. */
function readModel(value: unknown): readonly LiveModel[] {
  const model = fieldsOf(value)
  const id = oneLine(model?.['id'])
  const modality = model?.['modality']
  if (id === null || (modality !== undefined && modality !== 'image')) return []
  const most = model?.['costMax']
  return [{ id, most: typeof most === 'number' && Number.isFinite(most) ? most : null }]
}
