import { parseAspect } from '../aspect.ts'
import { nearest } from '../nearest.ts'
import type { ProblemCode } from '../problems.ts'
import type { Report } from './report.ts'
import { OTHER_PLACES } from './table.ts'
import type { Key, Rule } from './rule.ts'
import type { MapTree, ScalarTree, Tree } from './tree.ts'

/** Checks a tree against the table's keys and tells every mistake. `unset` allows `null`, which takes an inherited value back. */
export function checkKeys(
  tree: Tree,
  keys: Readonly<Record<string, Key>>,
  context: { readonly report: Report; readonly what: string; readonly unset: boolean },
): void {
  const { report, what, unset } = context
  if (tree.kind !== 'map') {
    report('manifest/wrong-type', tree.offset, `${what} must be a map of settings, not ${described(tree)}.`)
    return
  }
  for (const [name, { keyOffset, value }] of tree.entries) {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (!key) {
      report('manifest/unknown-key', keyOffset, unknownKey(name, what, keys))
      continue
    }
    if (key.rule.type === 'not-yet') {
      report('manifest/not-yet', keyOffset, `"${name}" ${key.rule.says}. Take it out.`)
      continue
    }
    if (unset && key.required !== true && value.kind === 'scalar' && value.value === null) continue
    checkValue(value, key.rule, { report, what: `"${name}"`, unset })
  }
  for (const name of Object.keys(keys)) {
    const key = keys[name]
    if (key?.required && !tree.entries.has(name)) {
      report('manifest/missing-key', tree.offset, `${what} needs "${name}". ${key.help}`)
    }
  }
}

/** Checks one value against its rule. */
function checkValue(
  tree: Tree,
  rule: Rule,
  context: { readonly report: Report; readonly what: string; readonly unset: boolean },
): void {
  switch (rule.type) {
    case 'keys':
      return checkKeys(tree, rule.keys, context)
    case 'map':
      return checkMap(tree, rule, context)
    case 'list':
      return checkList(tree, rule, context)
    case 'either':
      return checkEither(tree, rule, context)
    case 'anything':
    case 'not-yet':
      return undefined
    case 'aspect':
      return checkAspect(tree, context)
    default: {
      const mistake = scalarMistake(tree, rule)
      if (mistake) context.report(mistake.code, tree.offset, `${context.what} ${mistake.says}.`)
      return undefined
    }
  }
}

type Context = { readonly report: Report; readonly what: string; readonly unset: boolean }

function checkMap(tree: Tree, rule: Rule & { type: 'map' }, context: Context): void {
  if (tree.kind !== 'map') {
    context.report(
      'manifest/wrong-type',
      tree.offset,
      `${context.what} must be a map, not ${described(tree)}.`,
    )
    return
  }
  for (const [name, { keyOffset, value }] of tree.entries) {
    if (rule.names && !new RegExp(rule.names.pattern).test(name)) {
      const message = `${context.what} is by ${rule.names.says}, and "${name}" is neither.`
      context.report('manifest/unknown-key', keyOffset, message)
    } else if (!(rule.names && context.unset && value.kind === 'scalar' && value.value === null)) {
      checkValue(value, rule.of, { ...context, what: `"${name}"` })
    }
  }
}

function checkList(tree: Tree, rule: Rule & { type: 'list' }, context: Context): void {
  if (tree.kind !== 'list') {
    context.report(
      'manifest/wrong-type',
      tree.offset,
      `${context.what} must be a list, not ${described(tree)}.`,
    )
    return
  }
  const { least, most } = rule
  if (tree.items.length < least || tree.items.length > (most ?? Infinity)) {
    const how =
      least === most
        ? `exactly ${least}`
        : tree.items.length < least
          ? `at least ${least}`
          : `at most ${most}`
    context.report('manifest/wrong-value', tree.offset, `${context.what} needs ${how} values.`)
  }
  for (const item of tree.items) checkValue(item, rule.of, { ...context, what: `A value of ${context.what}` })
}

function checkEither(tree: Tree, rule: Rule & { type: 'either' }, context: Context): void {
  const inner = rule.rules.find((one) => one.type === 'keys' || one.type === 'map' || one.type === 'list')
  const outer = rule.rules.filter((one) => one !== inner)
  if (inner && tree.kind !== 'scalar') {
    checkValue(tree, inner, context)
    return
  }
  if (outer.every((one) => scalarMistake(tree, one) !== null)) {
    context.report('manifest/wrong-value', tree.offset, `${context.what} must be ${rule.says}.`)
  }
}

function checkAspect(tree: Tree, { report, what }: Context): void {
  if (tree.kind !== 'scalar') {
    report(
      'manifest/wrong-type',
      tree.offset,
      `${what} must be a shape such as "3:2", not ${described(tree)}.`,
    )
    return
  }
  const { value, source } = tree
  if (typeof value === 'string' && parseAspect(value.trim()) !== null) return
  const shown = source === '' ? 'empty' : `"${source.slice(0, 40)}"`
  report('image/aspect', tree.offset, `${what} cannot be ${shown}. ${aspectHint(tree)}`)
}

/** What was probably meant by `16/9`, `1.5`, or a ratio that YAML 1.1 read as a number to the base of sixty. */
function aspectHint({ value, source }: ScalarTree): string {
  const written = source.trim()
  if (typeof value === 'number' && parseAspect(written) !== null)
    return `YAML 1.1 reads it as a number: put it in quotes, "${written}".`
  const [, width, height] = /^(\d+)\s*[/x×:]\s*(\d+)$/.exec(written) ?? []
  if (parseAspect(`${width}:${height}`) !== null) return `Write "${width}:${height}".`
  const ratio = typeof value === 'number' ? simpleRatio(value) : null
  return ratio === null ? 'Write two whole numbers with a colon, such as "16:9".' : `Write "${ratio}".`
}

/** `1.5` as `3:2`; null when no two small numbers make it. */
function simpleRatio(value: number): string | null {
  for (let height = 1; height <= 32; height += 1) {
    const width = Math.round(value * height)
    if (width > 0 && width <= 100 && Math.abs(width / height / value - 1) < 0.003) return `${width}:${height}`
  }
  return null
}

interface Mistake {
  readonly code: ProblemCode
  readonly says: string
}

function scalarMistake(tree: Tree, rule: Rule): Mistake | null {
  if (tree.kind !== 'scalar')
    return { code: 'manifest/wrong-type', says: `must be ${wanted(rule)}, not ${described(tree)}` }
  switch (rule.type) {
    case 'text':
      return textMistake(tree, rule)
    case 'word': {
      if (typeof tree.value === 'string' && rule.values.includes(tree.value)) return null
      const near = typeof tree.value === 'string' ? nearest(tree.value, rule.values) : null
      const hint = near === null ? '' : `; did you mean "${near}"?`
      return { code: 'manifest/wrong-value', says: `must be ${wanted(rule)}, not ${described(tree)}${hint}` }
    }
    case 'number': {
      const { value } = tree
      if (typeof value !== 'number')
        return { code: 'manifest/wrong-type', says: `must be ${wanted(rule)}, not ${described(tree)}` }
      const fits = value >= rule.least && value <= rule.most && (!rule.whole || Number.isInteger(value))
      return fits
        ? null
        : { code: 'manifest/wrong-value', says: `must be ${wanted(rule)}, not ${tree.source}` }
    }
    case 'boolean':
      return typeof tree.value === 'boolean'
        ? null
        : { code: 'manifest/wrong-type', says: `must be true or false, not ${described(tree)}` }
    case 'scalar':
      return tree.value === null ? { code: 'manifest/wrong-value', says: 'must not be empty' } : null
    default:
      return null
  }
}

function textMistake(tree: ScalarTree, rule: Rule & { type: 'text' }): Mistake | null {
  const text = tree.value
  if (typeof text !== 'string') {
    const hint = text === null ? '' : '; put it in quotes'
    return { code: 'manifest/wrong-type', says: `must be text, not ${described(tree)}${hint}` }
  }
  if (text.trim().length < (rule.least ?? 0))
    return { code: 'manifest/wrong-value', says: 'must not be empty' }
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(text)) {
    return { code: 'manifest/wrong-value', says: `must be ${rule.says ?? `text like ${rule.pattern}`}` }
  }
  return null
}

function unknownKey(name: string, what: string, keys: Readonly<Record<string, Key>>): string {
  const lead = `${what} has no setting "${name}".`
  const parent = Object.hasOwn(OTHER_PLACES, name) ? OTHER_PLACES[name] : undefined
  if (parent !== undefined) return `${lead} It stands under "${parent}".`
  const near = nearest(name, Object.keys(keys))
  if (near !== null) return `${lead} Did you mean "${near}"?`
  const known = Object.keys(keys).filter((key) => keys[key]?.rule.type !== 'not-yet')
  return `${lead} Known: ${known.join(', ')}.`
}

function wanted(rule: Rule): string {
  switch (rule.type) {
    case 'text':
      return 'text'
    case 'word':
      return `one of ${rule.values.join(', ')}`
    case 'number':
      return `${rule.whole ? 'a whole number' : 'a number'} from ${rule.least} to ${rule.most}`
    case 'boolean':
      return 'true or false'
    default:
      return 'a single value'
  }
}

function described(tree: Tree): string {
  if (tree.kind === 'list') return 'a list'
  if (tree.kind === 'map') return 'a map'
  if (tree.value === null) return 'nothing'
  return typeof tree.value === 'string' ? `"${tree.value.slice(0, 40)}"` : tree.source
}

/** The map below a key, where there is one. */
export function mapAt(tree: Tree | undefined, key: string): MapTree | null {
  const value = tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined
  return value?.kind === 'map' ? value : null
}
