import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelFacts, ParamRule } from '../../src/core/catalog.ts'
import type { ImageRequest, Json } from '../../src/core/image.ts'
import { checkParams } from '../../src/core/param-rules.ts'
import { apiframe } from '../../src/providers/apiframe/index.ts'
import { APIFRAME_MODELS } from '../../src/providers/apiframe/models.ts'

// The service's OpenAPI document stays outside the repository; the table is our own writing of its facts.
const DOCUMENT = new URL('../../../shared/apiframe-openapi.json', import.meta.url)
const MISSING = !existsSync(DOCUMENT)

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Documented {
  readonly id: string
  readonly schema: Schema
  readonly paramsKey: string
  readonly params: Schema
  readonly accepts: ValidateFunction
}

describe.skipIf(MISSING)('the model table and the OpenAPI document', () => {
  const documented = MISSING ? new Map<string, Documented>() : readDocument()

  it('name the same 51 models', () => {
    const ids = APIFRAME_MODELS.map((facts) => facts.id)
    expect(new Set(ids).size).toBe(51)
    expect(ids.toSorted()).toEqual([...documented.keys()].toSorted())
  })

  describe.each(APIFRAME_MODELS.map((facts) => [facts.id, facts] as const))('%s', (id, facts) => {
    it('has the documented params, limits and required fields', () => {
      const { schema, paramsKey, params } = documentedModel(documented, id)
      expect(facts.paramsKey).toBe(paramsKey)
      expect(facts.paramsRequired).toBe(schema.required?.includes(paramsKey) ?? false)
      expect(facts.promptLimit).toBe(schema.properties?.['prompt']?.maxLength)
      const rules = Object.entries(params.properties ?? {}).map(([name, param]) => [
        name,
        ruleOf(param, params.required?.includes(name) ?? false),
      ])
      expect(comparable(facts.params)).toEqual(comparable(Object.fromEntries(rules)))
    })

    it('refuses in its params what the schema refuses, and nothing else', () => {
      const { accepts } = documentedModel(documented, id)
      const seen = { accepted: 0, refused: 0 }
      fc.assert(
        fc.property(anyParams(facts), (params) => {
          const body = { prompt: 'A lamp.', model: id, [facts.paramsKey]: params }
          const ours = checkParams(facts, params).length === 0
          expect({ params, accepted: ours }).toEqual({ params, accepted: accepts(body) })
          seen[ours ? 'accepted' : 'refused'] += 1
        }),
        { numRuns: 150 },
      )
      expect(seen.accepted).toBeGreaterThan(5)
      expect(seen.refused).toBeGreaterThan(5)
    })

    it('accepts no request whose body the schema would refuse', () => {
      const { accepts } = documentedModel(documented, id)
      const seen = { accepted: 0, refused: 0 }
      fc.assert(
        fc.property(anyRequest(facts), countFor(facts), (request, count) => {
          const ours = apiframe.check(request).length === 0
          seen[ours ? 'accepted' : 'refused'] += 1
          if (!ours) return
          const body: unknown = JSON.parse(apiframe.prepare(request, count))
          expect({ body, accepted: accepts(body) }).toEqual({ body, accepted: true })
        }),
        { numRuns: 150 },
      )
      expect(seen.accepted).toBeGreaterThan(5)
      expect(seen.refused).toBeGreaterThan(5)
    })
  })
})

it.runIf(MISSING)('the OpenAPI document is not here, so the table was NOT compared with it', () => {
  process.stderr.write(`contract with the service not checked: ${DOCUMENT.pathname} is missing\n`)
  expect(APIFRAME_MODELS).toHaveLength(51)
})

function readDocument(): Map<string, Documented> {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as {
    readonly components: { readonly schemas: { readonly GenerateImageRequest: { oneOf: readonly Schema[] } } }
  }
  const ajv = new Ajv2020({ strict: false, allowUnionTypes: true })
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  ajv.addFormat('uri', RFC_3986)
  const models = document.components.schemas.GenerateImageRequest.oneOf
  return new Map(
    models.map((schema) => {
      const properties = schema.properties ?? {}
      const id = properties['model']?.enum?.[0] ?? ''
      const [paramsKey = '', params = {}] =
        Object.entries(properties).find(([name]) => name.endsWith('Params')) ?? []
      return [id, { id, schema, paramsKey, params, accepts: ajv.compile(schema) }]
    }),
  )
}

const CHARACTER = "(?:[\\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})"
const RFC_3986 = new RegExp(
  `^[a-z][a-z0-9+.-]*:(?://[^/?#]*(?:/${CHARACTER}*)*|/?${CHARACTER}+(?:/${CHARACTER}*)*)?` +
    `(?:\\?(?:${CHARACTER}|[/?])*)?(?:#(?:${CHARACTER}|[/?])*)?$`,
  'i',
)

function documentedModel(documented: ReadonlyMap<string, Documented>, id: string): Documented {
  const model = documented.get(id)
  if (!model) throw new Error(`${id} is not in the document`)
  return model
}

/** The document's schema of one param in the table's words; a keyword the table cannot express fails the comparison. */
function ruleOf(schema: Schema, required: boolean): Record<string, unknown> {
  const { type, items, enum: values, ...limits } = schema
  const kinds = typeof type === 'string' ? [type] : (type ?? [])
  const rule: Record<string, unknown> = { ...limits, ...(required ? { required: true } : {}) }
  if (values) rule['values'] = values
  if (!kinds.includes('array')) return { ...rule, type: kinds.join('|') }
  expect(items).toEqual({ type: 'string', format: 'uri' })
  return { ...rule, type: 'uris', ...(kinds.includes('null') ? { nullable: true } : {}) }
}

function comparable(rules: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(
    JSON.stringify(rules, (_, value: unknown) =>
      Array.isArray(value) ? value.map(String).toSorted() : value,
    ),
  )
}

/** Mostly good values, with bad ones and unknown names among them. */
function anyParams(facts: ModelFacts): fc.Arbitrary<Record<string, Json>> {
  const known = Object.fromEntries(
    Object.entries(facts.params).map(([name, rule]) => [
      name,
      fc.oneof({ weight: 12, arbitrary: goodValue(rule) }, { weight: 1, arbitrary: badValue }),
    ]),
  )
  const requiredKeys = Object.entries(facts.params).flatMap(([name, rule]) => (rule.required ? [name] : []))
  const written = fc.oneof(
    { weight: 5, arbitrary: fc.record(known, { requiredKeys }) },
    { weight: 1, arbitrary: fc.record(known, { requiredKeys: [] }) },
  )
  const strange = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('size', 'n ', 'Seed', 'quality2'), badValue) },
  )
  return fc
    .tuple(written, strange)
    .map(([a, b]): Record<string, Json> => JSON.parse(JSON.stringify({ ...a, ...b })) as Record<string, Json>)
}

function anyRequest(facts: ModelFacts): fc.Arbitrary<ImageRequest> {
  const prompt = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: -2, max: 2 }).map((more) => 'é'.repeat(facts.promptLimit + more)),
    },
    { weight: 1, arbitrary: fc.constantFrom('', ' \n', '\ud83d\ude00'.repeat(facts.promptLimit / 2 + 1)) },
  )
  const aspect = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(null, ...facts.aspects) },
    { weight: 1, arbitrary: fc.constantFrom('17:3', '3/2', '', '1:1:1') },
  )
  const params = anyParams(facts).chain((all) =>
    fc.boolean().map((keep) => (keep ? all : withoutOwned(facts, all))),
  )
  return fc.record({ prompt, aspect, params }).map((parts) => ({
    provider: 'apiframe',
    model: facts.id,
    references: [],
    reroll: 0,
    ...parts,
  }))
}

function withoutOwned(facts: ModelFacts, params: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => name !== facts.aspectParam && name !== facts.countParam),
  )
}

function countFor(facts: ModelFacts): fc.Arbitrary<number> {
  return fc.integer(facts.perJob)
}

const url = fc
  .webUrl({ withFragments: true, withQueryParameters: true })
  .map((text) => encodeURI(decodeURI(text)))
const safeUrl = fc.oneof(fc.constant('https://a.example/b%20c.png?x=1'), url)

/** Values inside the rule and right at its edges. Where the table is stricter than the schema on purpose (UUID versions, whole numbers beyond 2^53), only what both accept. */
function goodValue(rule: ParamRule): fc.Arbitrary<Json> {
  if (rule.type === 'boolean') return fc.boolean()
  if (rule.type === 'uris') {
    const list = fc.array(safeUrl, { maxLength: Math.min(rule.maxItems ?? 4, 4) })
    return rule.nullable ? fc.option(list) : list
  }
  if (rule.type === 'string') {
    if (rule.values) return fc.constantFrom(...rule.values)
    if (rule.format === 'uri') return safeUrl
    if (rule.format === 'uuid') return fc.uuid({ version: [1, 4, 5, 7] })
    if (rule.pattern !== undefined) return fc.tuple(fc.nat(99), fc.nat(99)).map(([w, h]) => `${w}:${h}`)
    const long = rule.maxLength === undefined ? 3000 : rule.maxLength
    return fc.oneof(fc.string(), fc.constantFrom('x'.repeat(long), 'x'.repeat(Math.max(0, long - 1))))
  }
  const min = rule.minimum ?? -1000
  const max = rule.maximum ?? 1000
  const edges = fc.constantFrom(min, max)
  return fc.oneof(
    edges,
    rule.type === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }),
  )
}

/** Values that most rules refuse; no string here is one that only the stricter of both sides refuses. */
const badValue: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  'x',
  '1:1',
  '',
  'x'.repeat(2501),
  -1,
  0,
  1,
  10.5,
  11,
  5000,
  2_147_483_648,
  true,
  [],
  ['not a url'],
  Array.from({ length: 15 }, () => 'https://a.example/'),
  { aspect_ratio: '1:1' },
)
