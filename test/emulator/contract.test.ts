import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { FaultName } from '../../src/emulator/fault-names.ts'
import { APIFRAME_MODELS } from '../../src/providers/apiframe/models.ts'
import { type TestReply, startTestEmulator, startTimedEmulator } from '../support/emulator.ts'

// The service's OpenAPI document stays outside the repository.
const DOCUMENT = new URL('../../../shared/apiframe-openapi.json', import.meta.url)
const MISSING = !existsSync(DOCUMENT)

const LAMP = { prompt: 'A lamp.', model: 'dall-e-3' }

type Schema = 'JobAccepted' | 'Job' | 'JobList' | 'Me' | 'ModelCatalog' | 'GenerateImageRequest'
type Refusal = 'ErrorResponse' | 'ValidationError' | 'InsufficientCredits'

describe.skipIf(MISSING)('answers and the OpenAPI document', () => {
  const fits = MISSING ? () => false : readDocument()

  /** Null when the answer has the status and the schema, else the answer, to be shown. */
  function misfit(name: Schema | Refusal, status: number, reply: TestReply): unknown {
    return reply.status === status && fits(name, reply.json)
      ? null
      : { name, status: reply.status, json: reply.json }
  }

  it('every route answers in its schema', async () => {
    const emulator = await startTimedEmulator({ credits: 21 })
    const reply = await emulator.submit(LAMP)
    expect(misfit('JobAccepted', 202, reply)).toBeNull()
    expect(misfit('InsufficientCredits', 402, await emulator.submit(LAMP))).toBeNull()
    const invalid = await emulator.submit({ ...LAMP, size: 1, dalleParams: { style: 'x' } })
    expect(misfit('ValidationError', 400, invalid)).toBeNull()
    expect(misfit('ErrorResponse', 401, await emulator.submit(LAMP, { key: null }))).toBeNull()
    expect(misfit('Me', 200, await emulator.get('/v2/me'))).toBeNull()
    expect(misfit('ModelCatalog', 200, await emulator.get('/v2/models?modality=image'))).toBeNull()
    expect(misfit('ValidationError', 400, await emulator.get('/v2/models?modality=x'))).toBeNull()
    expect(
      misfit('ErrorResponse', 404, await emulator.job('00000000-0000-4000-8000-000000000001')),
    ).toBeNull()
    for (let step = 0; step < 5; step += 1) {
      expect(misfit('Job', 200, await emulator.job(String(reply.json?.['jobId'])))).toBeNull()
      expect(misfit('JobList', 200, await emulator.get('/v2/jobs?include_models=true'))).toBeNull()
      await emulator.clock.advance(400)
    }
  })

  it.each<[FaultName]>([
    ['failed-policy'],
    ['failed-unrefunded'],
    ['cancelled'],
    ['string-result'],
    ['empty-images'],
    ['expired'],
  ])('a job that ended as %s is still in its schema', async (fault) => {
    const emulator = await startTestEmulator({ faults: [{ fault }] })
    expect(misfit('Job', 200, await emulator.job(await emulator.accepted(LAMP)))).toBeNull()
    expect(misfit('JobList', 200, await emulator.get('/v2/jobs'))).toBeNull()
  })

  it('a job of unknown status is not, which is its point', async () => {
    const emulator = await startTestEmulator({ faults: [{ fault: 'unknown-status' }] })
    const { json } = await emulator.job(await emulator.accepted(LAMP))
    expect(fits('Job', json)).toBe(false)
  })

  it('bodies are accepted and refused exactly as the schema does', async () => {
    const emulator = await startTestEmulator({ credits: 100_000 })
    const seen = { accepted: 0, refused: 0 }
    for (const body of APIFRAME_MODELS.flatMap(({ id, paramsKey }) => variants(id, paramsKey))) {
      const wanted = fits('GenerateImageRequest', body) ? 202 : 400
      const { status } = await emulator.submit(body)
      expect({ body, status }).toEqual({ body, status: wanted })
      seen[status === 202 ? 'accepted' : 'refused'] += 1
    }
    expect(seen.accepted).toBeGreaterThan(200)
    expect(seen.refused).toBeGreaterThan(400)
  })
})

it.runIf(MISSING)('the OpenAPI document is not here, so answers were NOT compared with it', () => {
  process.stderr.write(`contract of the emulator not checked: ${DOCUMENT.pathname} is missing\n`)
  expect(MISSING).toBe(true)
})

/** Bodies of one model around the edges of what it takes. */
function variants(model: string, paramsKey: string): readonly unknown[] {
  const base = { prompt: 'A lamp.', model }
  const params: readonly unknown[] = [
    {},
    null,
    [],
    'x',
    { aspect_ratio: '1:1' },
    { aspect_ratio: '16:9' },
    { aspect_ratio: '7:5' },
    { aspect_ratio: 1 },
    { seed: 1 },
    { seed: 1.5 },
    { seed: -1 },
    { style: 'vivid' },
    { output_format: 'webp' },
    { number_of_images: 10 },
    { n: 0 },
    { loraId: '00000000-0000-4000-8000-000000000001' },
    { character_reference_image: 'https://example.com/face.png' },
    { image: 'no url' },
  ]
  return [
    base,
    { ...base, prompt: '' },
    { ...base, prompt: 'x'.repeat(2001) },
    { ...base, prompt: null },
    { ...base, webhookUrl: 'https://example.com/hook', webhookEvents: ['progress', 'completed'] },
    { ...base, webhookUrl: 7 },
    { ...base, webhookEvents: [] },
    { ...base, webhook_url: 'https://example.com/hook' },
    { ...base, otherParams: {} },
    ...params.map((value) => ({ ...base, [paramsKey]: value })),
  ]
}

function readDocument(): (name: string, value: unknown) => boolean {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as { readonly components: object }
  const ajv = new Ajv2020({ strict: false, allowUnionTypes: true, discriminator: true })
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  ajv.addFormat('uri', (text: string) => URL.canParse(text))
  ajv.addFormat('email', /^\S+@\S+\.\S+$/)
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  ajv.addSchema({ $id: 'api', components: document.components })
  return (name, value) => ajv.getSchema(`api#/components/schemas/${name}`)?.(value) === true
}
