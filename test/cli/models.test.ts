import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { APIFRAME_MODELS } from '../../src/providers/apiframe/models.ts'
import { runCommand } from '../support/run-command.ts'

interface Listed {
  readonly model: string
  readonly credits: { readonly least: number; readonly most: number } | null
  readonly pictures: { readonly min: number; readonly max: number }
  readonly aspects: readonly string[]
  readonly transparency: boolean
}

async function list(...words: readonly string[]): Promise<readonly Listed[]> {
  const { exitCode, out, errors } = await runCommand(['models', '--json', ...words], { cwd: tmpdir() })
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
  return JSON.parse(out) as readonly Listed[]
}

async function names(...words: readonly string[]): Promise<readonly string[]> {
  return (await list(...words)).map(({ model }) => model)
}

async function table(...words: readonly string[]): Promise<readonly string[]> {
  const { exitCode, out } = await runCommand(['models', ...words], { cwd: tmpdir() })
  expect(exitCode).toBe(0)
  return out.trimEnd().split('\n')
}

it('lists every model of the service, and the sketches', async () => {
  const all = APIFRAME_MODELS.map(({ id }) => id)
  expect(await names()).toEqual([...all, 'sketch/scene'])
  const lines = await table()
  for (const name of all) expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true)
})

it('fits 100 columns, whatever it shows', async () => {
  const wanted = [[], ...APIFRAME_MODELS.map(({ id }) => [id]), ['--aspect', '21:9'], ['--max-credits', '4']]
  for (const words of wanted) {
    const widest = Math.max(...(await table(...words)).map((line) => line.length))
    expect(widest).toBeLessThanOrEqual(100)
  }
})

it('stands in columns', async () => {
  const [heading = '', ...lines] = await table('--several')
  const at = heading.indexOf('ratios')
  for (const line of lines.filter((text) => /^\S+ .*\d:\d/.test(text))) {
    expect(line.slice(at - 2, at)).toBe('  ')
    expect(line.slice(at)).toMatch(/^\d+:\d+/)
  }
})

it('keeps models that can be asked for a ratio, however it is written', async () => {
  const found = await list('--aspect', '16:9')
  expect(found.length).toBeGreaterThan(5)
  expect(found.every(({ aspects }) => aspects.includes('16:9'))).toBe(true)
  expect(found.map(({ model }) => model)).not.toContain('dall-e-3')
  expect(await names('--aspect', '32:18')).toEqual(found.map(({ model }) => model))
  expect(await names('--aspect', '21:9')).toContain('qwen-image-2')
})

it('keeps models whose cheapest setting is within a price, and says how many have none', async () => {
  const found = await list('--max-credits', '4')
  expect(found.every(({ credits }) => credits !== null && credits.least <= 4)).toBe(true)
  const kept = found.map(({ model }) => model)
  expect(kept).toContain('gpt-image-1.5')
  expect(kept).not.toContain('dall-e-3')
  const unpriced = APIFRAME_MODELS.filter(({ credits }) => credits === null).length
  expect((await table('--max-credits', '4')).join(' ')).toContain(`${unpriced} more were left out`)
})

it('keeps models that leave the background out, or make several pictures', async () => {
  expect(await names('--transparent')).toEqual(
    APIFRAME_MODELS.filter(({ transparency }) => transparency).map(({ id }) => id),
  )
  const several = await list('--several')
  expect(several.map(({ model }) => model)).toContain('midjourney')
  expect(several.every(({ pictures }) => pictures.max > 1)).toBe(true)
})

it('filters by part of a name, in any case, and all filters hold together', async () => {
  expect(await names('IMAGEN-4')).toEqual(['imagen-4', 'imagen-4-ultra', 'imagen-4-fast'])
  expect(await names('imagen', '--max-credits', '2', '--aspect', '16:9')).toEqual(['imagen-4-fast'])
})

it('shows what one model takes when it is named', async () => {
  const lines = (await table('dall-e-3')).join('\n')
  expect(lines).toMatch(/newer +21/)
  expect(lines).toMatch(/style: vivid \| natural/)
  expect(lines).not.toContain('aspect_ratio')
})

it('suggests the nearest name when none fits', async () => {
  expect((await table('dale-3')).join(' ')).toContain('"dall-e-3"')
  expect(await list('dale-3')).toEqual([])
})

it.each([
  ['--aspect', 'wide'],
  ['--aspect', '0:1'],
  ['--max-credits', 'few'],
  ['--max-credits', '-1'],
])('%s %s is a mistake in the call', async (name, value) => {
  const { exitCode, out, errors } = await runCommand(['models', `${name}=${value}`], { cwd: tmpdir() })
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(errors).toMatch(/^usage\/wrong: /)
})
