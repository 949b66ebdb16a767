import { FORMATS } from '../image.ts'
import type { Json } from '../image.ts'
import { TOP_KEYS } from './table.ts'
import type { Key, Rule } from './rule.ts'

/** The JSON Schema of a manifest (draft-07, which YAML editors know best), made from the validator's own table. */
export function manifestSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pixelkiln manifest',
    description: `Pictures by prompt, style and aspect. Formats: ${FORMATS.join(', ')}.`,
    ...keysSchema(TOP_KEYS, []),
  }
}

type Schema = { readonly [key: string]: Json }

/** `null` takes an inherited value back, so only what is required cannot be null. */
function keysSchema(keys: Readonly<Record<string, Key>>, needs: readonly string[]): Schema {
  const known = Object.entries(keys).filter(([, key]) => key.rule.type !== 'not-yet')
  const properties = known.map(([name, key]): [string, Json] => {
    const schema = ruleSchema(key.rule)
    return [
      name,
      {
        ...(key.required ? schema : { anyOf: [schema, { type: 'null' }] }),
        description: key.help,
        ...(key.default === undefined ? {} : { default: key.default }),
      },
    ]
  })
  const required = known.filter(([, key]) => key.required).map(([name]) => name)
  const given = needs.map((name) => ({ required: [name], properties: { [name]: { not: { type: 'null' } } } }))
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    ...(given.length > 0 ? { anyOf: given } : {}),
  }
}

function ruleSchema(rule: Rule): Schema {
  switch (rule.type) {
    case 'text':
      return {
        type: 'string',
        ...(rule.pattern === undefined ? {} : { pattern: rule.pattern }),
        ...(rule.pattern === undefined && (rule.least ?? 0) > 0 ? { pattern: String.raw`\S` } : {}),
      }
    case 'word':
      return { type: 'string', enum: rule.values }
    case 'number':
      return { type: rule.whole ? 'integer' : 'number', minimum: rule.least, maximum: rule.most }
    case 'boolean':
      return { type: 'boolean' }
    case 'aspect':
      return { type: 'string', pattern: String.raw`^\s*(?:[1-9]\d{0,3}|10000):(?:[1-9]\d{0,3}|10000)\s*$` }
    case 'list':
      return {
        type: 'array',
        items: ruleSchema(rule.of),
        minItems: rule.least,
        ...(rule.most === undefined ? {} : { maxItems: rule.most }),
      }
    case 'keys':
      return keysSchema(rule.keys, rule.needs ?? [])
    case 'map':
      return {
        type: 'object',
        additionalProperties: ruleSchema(rule.of),
        ...(rule.names === undefined ? {} : { propertyNames: { pattern: rule.names.pattern } }),
      }
    case 'scalar':
      return { type: ['string', 'number', 'boolean'] }
    case 'either':
      return { anyOf: rule.rules.map(ruleSchema) }
    case 'anything':
    case 'not-yet':
      return {}
  }
}
