import type { ModelFacts, ParamRule } from './catalog.ts'
import type { Json } from './image.ts'

/** One param that a model would refuse. `path` starts with the param's name; in a list the position follows, as text. */
export interface ParamMistake {
  readonly path: readonly string[]
  /** A whole sentence that names the param and says what it may be; the refused value is not in it. */
  readonly message: string
}

/**
 * Checks a params object as the service receives it against a model's table: unknown names, wrong types, values out of
 * range, missing required ones. Ratio and count fields are params like any other here; whether a manifest may write
 * them is the caller's question. An unknown name is one whose `path[0]` is not in `facts.params`: suggesting a near one
 * is the caller's work too.
 */
export function checkParams(
  facts: ModelFacts,
  params: Readonly<Record<string, Json>>,
): readonly ParamMistake[] {
  const mistakes: ParamMistake[] = []
  for (const [name, value] of Object.entries(params)) {
    const rule = Object.hasOwn(facts.params, name) ? facts.params[name] : undefined
    if (rule === undefined) {
      mistakes.push({ path: [name], message: `\`${name}\` is not a param of ${facts.id}.` })
    } else {
      mistakes.push(...checkValue(name, rule, value))
    }
  }
  for (const [name, rule] of Object.entries(facts.params)) {
    if (rule.required && !Object.hasOwn(params, name)) {
      mistakes.push({ path: [name], message: `${facts.id} needs the param \`${name}\`: ${inWords(rule)}.` })
    }
  }
  return mistakes
}

/** What a rule allows, as the end of a sentence: "a whole number from 1 to 10", "`vivid` or `natural`". */
export function inWords(rule: ParamRule): string {
  if (rule.type === 'boolean') return 'true or false'
  if (rule.type === 'uris') {
    const count = rule.maxItems === undefined ? '' : `at most ${rule.maxItems} `
    return `a list of ${count}absolute URLs${rule.nullable ? ', or null' : ''}`
  }
  if (rule.type === 'string') return stringInWords(rule)
  const kind = rule.type === 'integer' ? 'a whole number' : 'a number'
  const { minimum, maximum } = rule
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${kind} of at least ${minimum}`
  return maximum === undefined ? kind : `${kind} of at most ${maximum}`
}

function stringInWords(rule: Extract<ParamRule, { type: 'string' }>): string {
  if (rule.values) return alternatives(rule.values)
  if (rule.format === 'uri') return 'an absolute URL'
  if (rule.format === 'uuid') return 'a UUID'
  if (rule.pattern !== undefined) return `text that matches ${rule.pattern}`
  const { minLength, maxLength } = rule
  if (maxLength !== undefined) return `text of at most ${maxLength} characters`
  return minLength === undefined ? 'text' : `text of at least ${minLength} characters`
}

function alternatives(values: readonly string[]): string {
  const quoted = values.map((value) => `\`${value}\``)
  const last = quoted.at(-1) ?? ''
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} or ${last}`
}

function checkValue(name: string, rule: ParamRule, value: Json): readonly ParamMistake[] {
  if (rule.type !== 'uris') return fits(rule, value) ? [] : [refusal(name, rule)]
  if (value === null && rule.nullable) return []
  if (!Array.isArray(value) || value.length > (rule.maxItems ?? Infinity)) return [refusal(name, rule)]
  return value.flatMap((item: Json, index) =>
    typeof item === 'string' && isUri(item)
      ? []
      : [{ path: [name, String(index)], message: `\`${name}\` may hold absolute URLs only.` }],
  )
}

function refusal(name: string, rule: ParamRule): ParamMistake {
  return { path: [name], message: `\`${name}\` must be ${inWords(rule)}.` }
}

function fits(rule: Exclude<ParamRule, { type: 'uris' }>, value: Json): boolean {
  if (rule.type === 'boolean') return typeof value === 'boolean'
  if (rule.type === 'string') return typeof value === 'string' && fitsString(rule, value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  // The service's own validator knows whole numbers only as far as they are exact.
  if (rule.type === 'integer' && !Number.isSafeInteger(value)) return false
  return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity)
}

function fitsString(rule: Extract<ParamRule, { type: 'string' }>, value: string): boolean {
  if (rule.values && !rule.values.includes(value)) return false
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(value)) return false
  if (rule.format === 'uri' && !isUri(value)) return false
  if (rule.format === 'uuid' && !UUID.test(value)) return false
  // UTF-16 code units, as the service's own validator counts; a JSON Schema counts code points and is laxer.
  return value.length >= (rule.minLength ?? 0) && value.length <= (rule.maxLength ?? Infinity)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** Absolute, of the characters RFC 3986 allows (others are percent-encoded), and readable by the URL parser as well. No IPv6 literals. */
function isUri(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:(?:[\w.~!$&'()*+,;=:@/?#-]|%[0-9a-f]{2})+$/i.test(text) &&
    (text.match(/#/g) ?? []).length < 2 &&
    URL.canParse(text)
  )
}
