import type { ParamRule } from '../core/catalog.ts'

/** `details` of a 400 answer: texts by JSON path; the path of the body itself is empty. */
export type Details = Readonly<Record<string, readonly string[]>>

/** What is wrong with a value that breaks a rule, the way the service's validator words it. */
export function refusalOf(rule: ParamRule, value: unknown): string {
  switch (rule.type) {
    case 'boolean':
      return wrongType('boolean', value)
    case 'uris':
      if (!Array.isArray(value)) return wrongType('array', value)
      return `Too big: expected array to have <=${rule.maxItems ?? value.length} items`
    case 'string':
      return stringRefusal(rule, value)
    case 'integer':
    case 'number':
      return numberRefusal(rule, value)
  }
}

function stringRefusal(rule: Extract<ParamRule, { type: 'string' }>, value: unknown): string {
  if (rule.values) return noneOf(rule.values)
  if (typeof value !== 'string') return wrongType('string', value)
  if (rule.format === 'uri') return 'Invalid URL'
  if (rule.format === 'uuid') return 'Invalid UUID'
  if (rule.pattern !== undefined) return `Invalid string: must match pattern /${rule.pattern}/`
  const { minLength = 0, maxLength } = rule
  return value.length < minLength ? tooShort(minLength) : tooLong(maxLength ?? value.length)
}

function numberRefusal(rule: Extract<ParamRule, { type: 'integer' | 'number' }>, value: unknown): string {
  if (typeof value !== 'number') return wrongType('number', value)
  if (rule.type === 'integer' && !Number.isSafeInteger(value)) {
    return 'Invalid input: expected int, received number'
  }
  const { minimum, maximum } = rule
  if (minimum !== undefined && value < minimum) return `Too small: expected number to be >=${minimum}`
  return `Too big: expected number to be <=${maximum ?? value}`
}

export function wrongType(expected: string, value: unknown): string {
  return `Invalid input: expected ${expected}, received ${typeName(value)}`
}

export function noneOf(values: readonly string[]): string {
  return `Invalid option: expected one of ${values.map((value) => `"${value}"`).join('|')}`
}

export function tooLong(most: number): string {
  return `Too big: expected string to have <=${most} characters`
}

export function tooShort(least: number): string {
  return `Too small: expected string to have >=${least} characters`
}

export function unknownKeys(keys: readonly string[]): string {
  return `Unrecognized key${keys.length === 1 ? '' : 's'}: ${keys.map((key) => `"${key}"`).join(', ')}`
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
