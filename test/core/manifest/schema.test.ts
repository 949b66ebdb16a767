import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { FIRST_MANIFEST } from '../../../src/core/manifest/first-manifest.ts'
import { manifestSchema } from '../../../src/core/manifest/schema.ts'
import { TOP_KEYS } from '../../../src/core/manifest/table.ts'
import type { Key, Rule } from '../../../src/core/manifest/rule.ts'
import { parse } from 'yaml'
import { codes, read } from '../../support/manifest.ts'

const validate = new Ajv({ allowUnionTypes: true }).compile(Object(manifestSchema()))

/** What a schema can say; ids, matrix, names of styles and the like it cannot. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'manifest/unknown-key',
  'manifest/missing-key',
  'manifest/wrong-type',
  'manifest/wrong-value',
  'manifest/not-yet',
  'image/aspect',
])

/** A text with white space only, numbers out of range, a list, a map: each wrong somewhere. */
const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom('', ' ', 'x', '3:2', 'vivid', 0, 1, 1.5, -1, 17, 1e6, true, false, null),
  fc.constantFrom([], ['x'], [480], {}, { x: 1 }, { avif: 3 }),
)

/** What a rule allows, up to its bounds. */
function good(rule: Rule): fc.Arbitrary<unknown> {
  switch (rule.type) {
    case 'text':
      return rule.pattern === undefined
        ? fc.constantFrom('x', 'a b', ' y ')
        : fc.constantFrom('a'.repeat(12), '0'.repeat(64))
    case 'word':
      return fc.constantFrom(...rule.values)
    case 'number':
      return fc.constantFrom(rule.least, rule.most, rule.whole ? rule.least : (rule.least + rule.most) / 2)
    case 'boolean':
      return fc.boolean()
    case 'aspect':
      return fc.constantFrom('3:2', ' 16:9 ', '10000:1', '9999:10000')
    case 'list':
      return fc.array(somethingLike(rule.of), {
        minLength: rule.least,
        maxLength: Math.min(rule.most ?? 3, 3),
      })
    case 'keys':
      return mapOf(rule.keys)
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b/c', 'style', 'teal'), somethingLike(rule.of), {
        maxKeys: 2,
      })
    case 'scalar':
      return fc.constantFrom('teal', 1, true)
    case 'either':
      return fc.oneof(...rule.rules.map(good))
    case 'anything':
    case 'not-yet':
      return JUNK
  }
}

/** What lies just outside a rule, and what has nothing to do with it. */
function bad(rule: Rule): fc.Arbitrary<unknown> {
  switch (rule.type) {
    case 'text':
      return fc.oneof(JUNK, fc.constantFrom('a'.repeat(11), 'a'.repeat(65), 'A'.repeat(12)))
    case 'number':
      return fc.oneof(JUNK, fc.constantFrom(rule.least - 1, rule.most + 1, rule.least + 0.5))
    case 'aspect':
      return fc.oneof(JUNK, fc.constantFrom('10001:1', '0:1', '01:1', '3/2', '1:1:1', '1.5:1', 1.5))
    case 'list':
      return fc.oneof(JUNK, fc.array(good(rule.of), { minLength: 1, maxLength: 40, size: 'max' }))
    case 'either':
      return fc.oneof(...rule.rules.map(bad))
    default:
      return JUNK
  }
}

function somethingLike(rule: Rule): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 60, arbitrary: good(rule) }, { weight: 1, arbitrary: bad(rule) })
}

/** Texts that make sense; which others do not, no schema can say. */
const NAMES: Readonly<Record<string, string>> = { filename: '{id}-{width}.{format}', out: 'static/img' }

/** Some of the known keys, the required ones nearly always, now and then one that nobody knows or that is not there yet. */
function mapOf(keys: Readonly<Record<string, Key>>): fc.Arbitrary<unknown> {
  const known = Object.entries(keys).map(([name, { rule, required }]) => {
    const value = Object.hasOwn(NAMES, name) ? fc.constantFrom(NAMES[name], '', 7) : somethingLike(rule)
    const share = required || name === 'prompt' ? 97 : rule.type === 'not-yet' ? 1 : 25
    const there = fc.nat(99).map((dice) => dice < share)
    return fc.tuple(there, value).map(([is, given]): [string, unknown][] => (is ? [[name, given]] : []))
  })
  const stranger = fc.nat(99).map((dice): [string, unknown][] => (dice === 7 ? [['promt', 'x']] : []))
  return fc.tuple(stranger, ...known).map((entries) => Object.fromEntries(entries.flat()))
}

it('the schema and the validator accept the same structure', () => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(mapOf(TOP_KEYS), (manifest) => {
      const found = codes(read(JSON.stringify(manifest)))
      const fits = validate(manifest)
      if (fits) accepted += 1
      else refused += 1
      // The validator knows more than a schema can say, so only what both can say must agree when the schema is content.
      const agreed = fits ? !found.some((code) => STRUCTURAL.has(code)) : found.length > 0
      if (!agreed) throw new Error(`schema ${fits ? 'accepts' : 'refuses'}, validator: ${found.join(' ')}`)
    }),
    { numRuns: 600, seed: 20261124 },
  )
  // A generator that makes only one kind proves nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(200)
})

it('the schema says what every key is for, and nothing of what is not there yet', () => {
  const text = JSON.stringify(manifestSchema())
  expect(text).toContain('"description"')
  expect(text).not.toContain('references')
  expect(manifestSchema()).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    required: ['version', 'images'],
    additionalProperties: false,
  })
})

it('the first manifest fits the schema', () => {
  validate(parse(FIRST_MANIFEST))
  expect(validate.errors).toBeNull()
})
