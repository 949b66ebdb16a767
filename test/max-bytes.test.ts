import { readFileSync, rmSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check } from '../src/check.ts'
import { readManifest } from '../src/core/manifest/read-manifest.ts'
import { readLock } from '../src/core/read-lock.ts'
import type { LockOutput, LockRecord } from '../src/core/lock.ts'
import { catalog } from '../src/providers/catalog.ts'
import { sharp } from '../src/effects/sharp.ts'
import { storeOriginal } from './support/originals.ts'
import { gradientPng } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'

/** A project with one grainy picture that is there already, and these outputs. */
async function project(outputs: object): Promise<{
  readonly project: TestProject
  readonly write: (outputs: object, id?: string) => void
}> {
  const made = await testProject('')
  const pin = await storeOriginal(made, await gradientPng(200, 200, { noise: 40 }))
  const write = (next: object, id = 'a'): void =>
    made.write('pixelkiln.yaml', manifestOf({ [id]: { prompt: 'x', alt: 'x', pin, outputs: next } }))
  write(outputs)
  return { project: made, write }
}

function recordOf(made: TestProject, id = 'a'): LockRecord {
  const read = readLock({ file: LOCK, text: made.read(LOCK) })
  const record = 'lock' in read ? read.lock.images.get(id)?.bought : null
  if (!record) throw new Error(`the lock has no ${id}`)
  return record
}

function named({ outputs }: LockRecord): readonly string[] {
  return outputs.map(({ format, width }) => `${width}.${format}`)
}

function find(record: LockRecord, name: string): LockOutput {
  const output = record.outputs.find(({ format, width }) => `${width}.${format}` === name)
  if (!output) throw new Error(`no ${name}`)
  return output
}

function mistakesIn(text: string) {
  const { problems } = readManifest({ file: 'pixelkiln.yaml', text: `version: 1\n${text}` }, catalog)
  return problems.map(({ code, message, place }) => [code, message, place?.line, place?.column])
}

describe('maxBytes', () => {
  it('lowers the quality of what is too large, by format and by width, and the lock says to what', async () => {
    const outputs = { formats: ['webp', 'jpeg'], widths: [100, 200], quality: { webp: 84, jpeg: 96 } }
    const { project: made, write } = await project(outputs)
    expect((await made.build({ buy: false })).codes).toEqual([])
    const free = recordOf(made)
    const limit = Math.round(find(free, '200.webp').bytes * 0.7)
    const small = Math.round(find(free, '100.jpeg').bytes * 0.8)
    write({ ...outputs, maxBytes: { webp: limit, 100: small } })
    expect((await made.build({ buy: false })).codes).toEqual([])
    const bound = recordOf(made)
    expect(statSync(made.path('images/a-200.webp')).size).toBeLessThanOrEqual(limit)
    expect(statSync(made.path('images/a-100.jpeg')).size).toBeLessThanOrEqual(small)
    expect(find(bound, '200.webp').quality).toBeLessThan(84)
    expect(find(bound, '200.webp').bytes).toBeGreaterThan(limit * 0.85)
    expect(find(bound, '100.jpeg').quality).toBeLessThan(96)
    expect(find(bound, '200.jpeg')).toEqual(find(free, '200.jpeg'))
    await check({ cwd: made.folder })
    expect((await made.build({ buy: false })).finished.encoded).toBe(0)
    const text = made.read(LOCK)
    write({ ...outputs, maxBytes: { webp: limit, 100: small } }, 'b')
    expect((await made.build({ buy: false, prune: true })).codes).toEqual([])
    expect(made.read(LOCK)).toBe(text.replace('"a": {', '"b": {'))
  })

  it('that cannot be met is a problem of that file alone, which names the smallest size reached', async () => {
    const { project: made } = await project({
      formats: ['webp', 'jpeg'],
      widths: [100, 200],
      maxBytes: { webp: 900 },
    })
    const run = await made.build({ buy: false })
    expect(run.exitCode).toBe(4)
    expect(run.codes).toEqual(['output/too-large'])
    expect(run.result.problems[0]?.message).toMatch(
      /a-200\.webp may have 900 bytes and has \d{4,} at the smallest \(at quality 40\)/,
    )
    expect(made.exists('images/a-200.webp')).toBe(false)
    expect(named(recordOf(made))).toEqual(['100.jpeg', '200.jpeg'])
  })

  it('and was not met is told again from the lock, and nothing is encoded for it until something changes', async () => {
    const settings = { formats: ['webp', 'jpeg'], widths: [100, 200], quality: { jpeg: 96 } }
    const outputs = { ...settings, maxBytes: { webp: 900 } }
    const { project: made, write } = await project(outputs)
    const first = await made.build({ buy: false })
    expect(recordOf(made).tooLarge).toEqual([
      { format: 'webp', width: 100, bytes: expect.any(Number), quality: 40 },
      { format: 'webp', width: 200, bytes: expect.any(Number), quality: 40 },
    ])
    const text = made.read(LOCK)
    rmSync(made.path('.pixelkiln'), { recursive: true })
    const again = await made.build({ buy: false })
    expect([again.exitCode, again.finished.encoded]).toEqual([4, 0])
    expect(again.result.problems).toEqual(first.result.problems)
    expect(made.read(LOCK)).toBe(text)
    await expect(check({ cwd: made.folder })).rejects.toMatchObject({ exitCode: 4 })
    await storeOriginal(made, await gradientPng(200, 200, { noise: 40 }))
    rmSync(made.path('images'), { recursive: true })
    made.write(LOCK, text)
    const restored = await made.build({ buy: false })
    expect([restored.codes, restored.finished.encoded]).toEqual([['output/too-large'], 2])
    expect(made.read(LOCK)).toBe(text)
    write(outputs, 'b')
    expect((await made.build({ buy: false, prune: true })).codes).toEqual(['output/too-large'])
    expect(made.read(LOCK)).toBe(text.replace('"a": {', '"b": {'))
    write({ ...outputs, maxBytes: { webp: 100_000 } }, 'b')
    expect((await made.build({ buy: false })).codes).toEqual([])
    expect(named(recordOf(made, 'b'))).toEqual(['100.webp', '200.webp', '100.jpeg', '200.jpeg'])
  })

  it('that names a width at which nothing is made is a mistake, told with its place', () => {
    expect(
      mistakesIn(
        'images: { a: { prompt: x, outputs: { widths: [100], maxBytes: { 960: 900, jpeg: 800 } } } }',
      ),
    ).toEqual([
      [
        'manifest/wrong-value',
        '"maxBytes" names the width 960, and no picture is made at it. "widths" has 100.',
        2,
        65,
      ],
    ])
    const shared =
      'defaults: { outputs: { maxBytes: { 960: 90000 } } }\nimages: { a: { prompt: x }, b: { prompt: y, outputs: { widths: [100] } } }'
    expect(mistakesIn(shared)).toEqual([])
    expect(mistakesIn(shared.replace('960', '961'))).toHaveLength(1)
  })
})

describe('a file that is no smaller than its fallback', () => {
  // A flat transparent picture is a few bytes as PNG, and an AVIF has more than that around its pixels.
  const FLAT = { create: { width: 64, height: 64, channels: 4, background: '#ff000080' } } as const

  it('is dropped, the lock says so, and nothing makes it again: not a run, a copy, a frozen one nor a new checkout', async () => {
    const made = await testProject('')
    const pin = await storeOriginal(made, await sharp(FLAT).png().toBuffer())
    const write = (id: string, formats: readonly string[]): void =>
      made.write(
        'pixelkiln.yaml',
        manifestOf({ [id]: { prompt: 'x', alt: 'x', pin, outputs: { formats, widths: [64] } } }),
      )
    write('a', ['avif', 'jpeg'])
    expect((await made.build({ buy: false })).codes).toEqual([])
    expect(recordOf(made).dropped).toEqual([{ format: 'avif', width: 64 }])
    expect(made.files('images')).toEqual(['a-64.png', 'pixelkiln.lock.json'])
    const text = made.read(LOCK)
    await check({ cwd: made.folder })
    expect((await made.build({ buy: false })).finished).toMatchObject({ encoded: 0, fresh: 1 })
    expect((await made.build({ frozen: true })).codes).toEqual([])
    expect(made.read(LOCK)).toBe(text)
    write('b', ['avif', 'jpeg'])
    expect((await made.build({ buy: false, prune: true })).finished.encoded).toBe(1)
    expect(made.read(LOCK)).toBe(text.replace('"a": {', '"b": {'))
    write('b', ['avif'])
    await made.build({ buy: false })
    expect(made.files('images')).toEqual(['b-64.avif', 'pixelkiln.lock.json'])
    write('b', ['avif', 'jpeg'])
    await made.build({ buy: false })
    expect(made.files('images')).toEqual(['b-64.png', 'pixelkiln.lock.json'])
    expect(recordOf(made, 'b').dropped).toEqual([{ format: 'avif', width: 64 }])
    expect(readFileSync(made.path(LOCK), 'utf8')).toBe(text.replace('"a": {', '"b": {'))
  })
})
