import { parseAspect, printAspect } from './core/aspect.ts'
import type { Credits, ModelFacts } from './core/catalog.ts'
import { catalog } from './providers/catalog.ts'

/** What a list of models is narrowed to; every member may be left out. */
export interface ModelFilter {
  /** Part of the name, in any case. */
  readonly word?: string
  /** A ratio the model can be asked for, `16:9`; anything that is no ratio fits no model. */
  readonly aspect?: string
  /** The cheapest setting costs at most so much; models without a known price do not fit. */
  readonly maxCredits?: number
  /** Pictures with transparency on request. */
  readonly transparent?: boolean
  /** Several pictures in one job. */
  readonly several?: boolean
}

/** One model of the table. */
export interface ListedModel {
  /** As a manifest writes it: bare for the default provider, else `provider/model`. */
  readonly name: string
  readonly provider: string
  /** Credits of the cheapest and the dearest setting, for one picture or (`job`) for a job's fixed number; null is unknown. */
  readonly credits: { readonly least: number; readonly most: number; readonly per: 'picture' | 'job' } | null
  readonly facts: ModelFacts
}

/** The models that fit, in the table's order, and how many were left out only because nobody knows their price. Pure but for the table. */
export function listModels(filter: ModelFilter = {}): {
  readonly models: readonly ListedModel[]
  readonly unpriced: number
} {
  const all = Object.entries(catalog.models).map(([key, facts]) => listed(key, facts))
  const fitting = all.filter((model) => fits(model, filter))
  const { maxCredits } = filter
  if (maxCredits === undefined) return { models: fitting, unpriced: 0 }
  return {
    models: fitting.filter(({ credits }) => credits !== null && credits.least <= maxCredits),
    unpriced: fitting.filter(({ credits }) => credits === null).length,
  }
}

function listed(key: string, facts: ModelFacts): ListedModel {
  const provider = key.slice(0, key.indexOf('/'))
  return {
    name: provider === catalog.defaultProvider ? facts.id : key,
    provider,
    credits: rangeOf(facts.credits, facts.perJob.min > 1 ? 'job' : 'picture'),
    facts,
  }
}

function rangeOf(credits: Credits, per: 'picture' | 'job'): ListedModel['credits'] {
  if (credits === null) return null
  if (typeof credits === 'number') return { least: credits, most: credits, per }
  const prices = [...Object.values(credits.by), credits.default]
  return { least: Math.min(...prices), most: Math.max(...prices), per }
}

function fits({ name, facts }: ListedModel, filter: ModelFilter): boolean {
  const { word, aspect, transparent, several } = filter
  if (word !== undefined && !name.toLowerCase().includes(word.toLowerCase())) return false
  if (aspect !== undefined && !facts.aspects.some((offered) => sameShape(offered, aspect))) return false
  if (transparent === true && !facts.transparency) return false
  return several !== true || facts.perJob.max > 1
}

/** `21:9` and `7:3` are one shape. */
function sameShape(one: string, other: string): boolean {
  const [a, b] = [parseAspect(one), parseAspect(other)]
  return a !== null && b !== null && printAspect(a) === printAspect(b)
}
