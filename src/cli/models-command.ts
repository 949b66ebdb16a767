import type { Terminal } from '../cli.ts'
import { parseAspect } from '../core/aspect.ts'
import type { ParamRule } from '../core/catalog.ts'
import { nearest } from '../core/nearest.ts'
import { listModels } from '../models.ts'
import type { ListedModel, ModelFilter } from '../models.ts'
import { alignColumns, wrap } from './align.ts'
import { numberFlag } from './build-command.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln models [WORD]`: the table of models, for people or as one JSON array. Opens no socket, needs no key. Exit 2 for a filter that makes no sense. */
export async function modelsCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const maxCredits = numberFlag(flags, 'max-credits', { whole: false, least: 0 })
  const aspect = flags.text('aspect')
  const wrong =
    typeof maxCredits === 'string'
      ? maxCredits
      : aspect !== undefined && parseAspect(aspect) === null
        ? `--aspect takes a ratio such as 16:9, not "${aspect}".`
        : null
  if (wrong !== null || typeof maxCredits === 'string') {
    terminal.writeError(`usage/wrong: ${wrong}\n`)
    return Promise.resolve(2)
  }
  const [word] = words
  const filter: ModelFilter = {
    ...(word === undefined ? {} : { word }),
    ...(aspect === undefined ? {} : { aspect }),
    ...(maxCredits === undefined ? {} : { maxCredits }),
    transparent: flags.on('transparent'),
    several: flags.on('several'),
  }
  const found = listModels(filter)
  terminal.write(flags.on('json') ? modelsJson(found.models) : modelsText(found, filter))
  return Promise.resolve(0)
}

function modelsJson(models: readonly ListedModel[]): string {
  const list = models.map(({ name, provider, credits, facts }) => ({
    model: name,
    provider,
    id: facts.id,
    credits,
    ...(facts.editions ? { editions: facts.editions } : {}),
    pictures: facts.perJob,
    aspects: facts.aspects,
    seconds: facts.seconds,
    transparency: facts.transparency,
    styles: facts.styles,
    promptLimit: facts.promptLimit,
    params: facts.params,
    retired: facts.retired ?? null,
  }))
  return `${JSON.stringify(list, null, 2)}\n`
}

const COLUMNS = [
  { heading: 'model' },
  { heading: 'credits', right: true },
  { heading: 'pictures', right: true },
  { heading: 'ratios' },
  { heading: 'seconds', right: true },
  { heading: 'alpha' },
] as const

/** As wide as the seven common ratios; longer lists go on below. */
const RATIOS_WIDTH = 29

function modelsText(
  { models, unpriced }: { readonly models: readonly ListedModel[]; readonly unpriced: number },
  filter: ModelFilter,
): string {
  if (models.length === 0) return `${nothingFits(filter, unpriced)}\n`
  const rows = models.flatMap(rowsOf)
  const chosen = models.length === 1 ? models[0] : models.find(({ name }) => name === filter.word)
  const card = chosen ? ['', chosen.name, ...cardOf(chosen)] : []
  return `${[...alignColumns(COLUMNS, rows), ...card, '', ...legend(models, unpriced)].join('\n')}\n`
}

function rowsOf({ name, credits, facts }: ListedModel): readonly (readonly string[])[] {
  const { perJob, seconds, transparency, retired } = facts
  const [first = 'takes none', ...more] = wrap(facts.aspects, RATIOS_WIDTH)
  const price = credits === null ? '?' : range(credits.least, credits.most)
  return [
    [
      name,
      credits?.per === 'job' ? `${price} a job` : price,
      range(perJob.min, perJob.max),
      first,
      seconds === null ? '' : `~${seconds}`,
      transparency ? 'yes' : '',
    ],
    ...more.map((line) => ['', '', '', line]),
    ...(retired === undefined ? [] : [[`  retired: ${retired}`]]),
  ]
}

function range(least: number, most: number): string {
  return least === most ? String(least) : `${least}-${most}`
}

/** What a table has no room for; shown when one model is left, or named in full. */
function cardOf({ facts }: ListedModel): readonly string[] {
  const { credits, editions, styles, params, promptLimit } = facts
  const byParam = typeof credits === 'object' && credits !== null ? credits : null
  const entries: readonly (readonly [string, string])[] = [
    ...(byParam
      ? [[`price by ${byParam.param}`, Object.entries(byParam.by).map(pair).join(', ')] as const]
      : []),
    ...Object.entries(editions ?? {}).map(([edition, text]) => [`price, ${edition}`, text] as const),
    ...(styles.length > 0 ? [['styles', styles.join(', ')] as const] : []),
    ['prompt', `up to ${promptLimit} characters`],
    ...Object.entries(params)
      // Ratio and number are the manifest's own `aspect` and `candidates`.
      .filter(([name]) => name !== facts.aspectParam && name !== facts.countParam)
      .map(([name, rule], index) => [index === 0 ? 'params' : '', `${name}: ${ruleText(rule)}`] as const),
  ]
  return entries.flatMap(([left, right]) =>
    wrap(right.split(' '), 78).map((line, index) => `  ${(index === 0 ? left : '').padEnd(18)}${line}`),
  )
}

function pair([name, value]: readonly [string, number]): string {
  return `${name} ${value}`
}

function ruleText(rule: ParamRule): string {
  const need = rule.required ? ' (required)' : ''
  switch (rule.type) {
    case 'string':
      return `${rule.values?.join(' | ') ?? rule.format ?? 'text'}${need}`
    case 'integer':
    case 'number': {
      const kind = rule.type === 'integer' ? 'whole number' : 'number'
      if (rule.minimum === undefined || rule.maximum === undefined) return kind + need
      return `${kind} from ${rule.minimum} to ${rule.maximum}${need}`
    }
    case 'boolean':
      return `true | false${need}`
    case 'uris':
      return `${rule.maxItems === undefined ? 'addresses' : `up to ${rule.maxItems} addresses`}${need}`
  }
}

function legend(models: readonly ListedModel[], unpriced: number): readonly string[] {
  const count = `${models.length} ${models.length === 1 ? 'model' : 'models'}.`
  const left = unpriced === 0 ? '' : ` ${without(unpriced)}.`
  const unknown = models.some(({ credits }) => credits === null)
  return wrap(
    [
      `${count}${left} Credits are for one picture unless it says "a job": the highest figure documented, from the cheapest to the dearest setting.`,
      ...(unknown ? ['"?" is not documented: give yours in the config under "prices".'] : []),
      'Any other ratio is cut from the nearest. Seconds are the usual time of a job.',
      ...(models.length === 1 ? [] : ['"pixelkiln models NAME" shows what one model takes.']),
    ]
      .join(' ')
      .split(' '),
    98,
  )
}

function without(unpriced: number): string {
  return `${unpriced} more ${unpriced === 1 ? 'was' : 'were'} left out, whose price is not documented`
}

function nothingFits({ word, aspect }: ModelFilter, unpriced: number): string {
  const names = listModels().models.map(({ name }) => name)
  const near = word === undefined || listModels({ word }).models.length > 0 ? null : nearest(word, names)
  const hints = [
    ...(near === null ? [] : [`Did you mean "${near}"?`]),
    ...(unpriced === 0 ? [] : [`${without(unpriced)}.`]),
    ...(aspect === undefined
      ? []
      : ['A picture of any ratio can be cut from another: write the aspect, and the nearest is asked for.']),
    '"pixelkiln models" shows all.',
  ]
  return `No model fits. ${hints.join(' ')}`
}
