import type { BaseUrl } from '../core/base-url.ts'
import type { Catalog, Credits } from '../core/catalog.ts'
import type { Image } from '../core/image.ts'
import type { Note } from '../core/problems.ts'
import type { Account, LiveModel, LiveModels } from '../providers/apiframe/account.ts'
import { count, findingOf, idList } from './finding.ts'
import type { Finding } from './finding.ts'

/** Whether there is a key, and where it stands; never any of its bytes. `needed` is whether any image comes from the service. */
export function keyFindings(
  found: { readonly key: string | null; readonly from: string | null; readonly notes: readonly Note[] },
  needed: boolean,
): readonly Finding[] {
  const notes = found.notes.map(({ message }): Finding => ({ check: 'key', level: 'warning', message }))
  if (found.key === null) {
    const remedy = 'Set APIFRAME_API_KEY to buy; --draft and --emulator work without one.'
    return [
      ...notes,
      needed
        ? findingOf('key', { code: 'service/key-missing', message: `There is no API key. ${remedy}` })
        : { check: 'key', level: 'note', message: 'there is no API key, and no image needs one' },
    ]
  }
  const where = found.from === 'environment' ? 'in the environment' : `in ${found.from ?? 'the call'}`
  const told: Finding = { check: 'key', level: 'ok', message: `APIFRAME_API_KEY stands ${where}` }
  if (found.key.startsWith('afk_')) return [...notes, told]
  const message = `${told.message}, but does not begin with afk_ as keys of Apiframe v2 do`
  return [
    ...notes,
    { ...told, level: 'warning', message, remedy: 'Check that the right key was copied, and all of it.' },
  ]
}

/** Whether the service accepts the key, and what is left to spend. */
export function accountFinding(account: Account, base: BaseUrl): Finding {
  switch (account.type) {
    case 'refused':
      return findingOf('account', {
        code: 'service/key-wrong',
        message: `${account.message}. Make a new key in your account there and set APIFRAME_API_KEY.`,
      })
    case 'unreachable':
      return unreachable('account', account.message, base)
    case 'accepted': {
      const { credits, plan } = account
      const left =
        credits === null ? 'it does not say how many credits are left' : `${count(credits, 'credit')} left`
      const message = `${base.origin} accepts the key: ${left}${plan === null ? '' : `, plan ${plan}`}`
      if (credits === null || credits > 0) return { check: 'account', level: 'ok', message }
      return {
        check: 'account',
        level: 'warning',
        message,
        remedy: 'Buy credits there before the next build.',
      }
    }
  }
}

/** What of the manifest the service's own list of models says. */
export function modelFindings(
  live: LiveModels,
  known: {
    readonly images: readonly Image[]
    readonly hasPicture: (image: Image) => boolean
    readonly catalog: Catalog
    /** The config's. */
    readonly prices: Readonly<Record<string, number>>
    readonly base: BaseUrl
  },
): readonly Finding[] {
  if (live.type === 'unreachable') return [unreachable('models', live.message, known.base)]
  const offered = new Map(live.models.map((model) => [model.id, model]))
  const used = usesOf(known.images)
  const found = [...used].flatMap(([model, images]) => {
    const there = offered.get(model)
    if (there === undefined) return [goneFinding(model, images, known)]
    return [...retiringFindings(model, images, known.catalog), ...priceFindings(there, images, known)]
  })
  const fine = [...used.keys()].filter((model) => offered.has(model)).sort()
  const uses = used.size === 0 ? 'the manifest uses none of them' : `the manifest uses ${fine.join(', ')}`
  const fresh = live.models.filter(({ id }) => known.catalog.models[`apiframe/${id}`] === undefined).length
  const more = fresh === 0 ? '' : ` (${fresh} of them not in the table of this version)`
  const message = `${count(live.models.length, 'image model')} at the service${more}; ${uses}`
  return fine.length === 0 && used.size > 0 ? found : [{ check: 'models', level: 'ok', message }, ...found]
}

function usesOf(images: readonly Image[]): ReadonlyMap<string, readonly Image[]> {
  const uses = new Map<string, Image[]>()
  for (const image of images) {
    if (image.request.provider !== 'apiframe' || image.from !== null) continue
    const group = uses.get(image.request.model)
    if (group) group.push(image)
    else uses.set(image.request.model, [image])
  }
  return uses
}

function goneFinding(
  model: string,
  images: readonly Image[],
  known: Pick<Parameters<typeof modelFindings>[1], 'hasPicture' | 'catalog'>,
): Finding {
  const ids = images.map(({ id }) => id)
  const pending = images.filter((image) => !known.hasPicture(image)).map(({ id }) => id)
  const facts = known.catalog.models[`apiframe/${model}`]
  const since = facts?.retired === undefined ? '' : ` (${facts.retired})`
  const gone = facts === undefined ? `does not know ${model}` : `does not offer ${model} any more${since}`
  const told = `the service ${gone}: ${idList(ids)}`
  const remedy =
    'Give these images another "model"; "pixelkiln models" shows what there is, and "pixelkiln plan" what that costs.'
  if (pending.length === 0) {
    const message = `${told}; what is bought stays, and only new words would need another model`
    return { check: 'models', level: 'warning', message, images: ids }
  }
  const rest = pending.length === ids.length ? '' : `; still to be bought: ${idList(pending)}`
  return { check: 'models', level: 'error', message: told + rest, remedy, images: ids }
}

function retiringFindings(model: string, images: readonly Image[], catalog: Catalog): readonly Finding[] {
  const retired = catalog.models[`apiframe/${model}`]?.retired
  if (retired === undefined) return []
  const ids = images.map(({ id }) => id)
  const message = `${model} is being retired (${retired}): ${idList(ids)}`
  const remedy = 'Buy what is still missing before it ends, or give these images another "model".'
  return [{ check: 'models', level: 'warning', message, remedy, images: ids }]
}

/** A price that rose since the table was written would let a budget be passed. */
function priceFindings(
  { id, most }: LiveModel,
  images: readonly Image[],
  known: Pick<Parameters<typeof modelFindings>[1], 'catalog' | 'prices'>,
): readonly Finding[] {
  const facts = known.catalog.models[`apiframe/${id}`]
  // With a count field the list's figure may be for any number of pictures, so it cannot be compared.
  if (most === null || facts === undefined || facts.countParam !== null) return []
  const own = known.prices[id] ?? known.prices[`apiframe/${id}`]
  const reserved = Math.max(highest(facts.credits) ?? -1, own ?? -1)
  if (reserved >= most) return []
  const now = reserved < 0 ? 'and no price is known here' : `and ${reserved} are reserved here`
  return [
    {
      check: 'models',
      level: 'note',
      message: `the service lists ${id} at up to ${count(most, 'credit')}, ${now}`,
      remedy: `Put it into the config, so that budgets hold: "prices": { "${id}": ${most} }.`,
      images: images.map((image) => image.id),
    },
  ]
}

function highest(credits: Credits): number | null {
  if (credits === null || typeof credits === 'number') return credits
  return Math.max(credits.default, ...Object.values(credits.by))
}

function unreachable(check: 'account' | 'models', why: string, base: BaseUrl): Finding {
  const message = `${base.origin} gave no answer that can be used: ${why}. Check the network and APIFRAME_BASE_URL, and try again later.`
  return { ...findingOf(check, { code: 'service/unreachable', message }), network: true }
}
