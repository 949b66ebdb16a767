import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { check } from '../src/check.ts'
import { BuildError } from '../src/core/build-error.ts'
import { literal } from '../src/markup/emit/literal.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const EMIT = { data: 'data/pictures.json', module: 'src/pictures.ts' }
const HOSTILE = `It's "a" </script><!-- lamp \${x} \\`
const IMAGES = {
  'home/hero': { prompt: 'A lamp', alt: HOSTILE, aspect: '2:1' },
  b: { prompt: 'A mug', decorative: true },
}

async function emitting(emit: object = EMIT): Promise<TestProject> {
  return testProject(manifestOf(IMAGES, { url: '/img', emit }))
}

/** The codes that a check ends with. */
async function checked(project: TestProject): Promise<readonly string[]> {
  return check({ cwd: project.folder }).then(
    () => [],
    (error: unknown) => {
      if (error instanceof BuildError) return error.problems.map(({ code }) => code)
      throw error
    },
  )
}

describe('the data file', () => {
  it('has everything a template needs, by id', async () => {
    const project = await emitting({ data: 'data/pictures.json' })
    await project.build()
    const text = project.read('data/pictures.json')
    expect(text).not.toContain('<')
    const { images } = JSON.parse(text) as { images: Record<string, object> }
    expect(Object.keys(images)).toEqual(['b', 'home/hero'])
    expect(images['home/hero']).toMatchObject({
      alt: HOSTILE,
      decorative: false,
      width: 96,
      height: 48,
      aspect: '2:1',
      src: '/img/home/hero-96.jpeg',
      srcset: '/img/home/hero-96.jpeg 96w',
      sources: [
        {
          media: null,
          type: 'image/webp',
          srcset: '/img/home/hero-64.webp 64w, /img/home/hero-96.webp 96w',
          width: 96,
          height: 48,
        },
      ],
      files: {
        webp: [{ src: '/img/home/hero-64.webp', width: 64, height: 32 }, {}],
        jpeg: [{}, { width: 96 }],
      },
      variants: [],
      draft: null,
    })
    expect(images['b']).toMatchObject({ alt: '', decorative: true })
  })

  it('is written only when it changed', async () => {
    const project = await emitting()
    const first = await project.build()
    expect(first.events.flatMap((event) => (event.type === 'emitted' ? [event.path] : []))).toEqual([
      'data/pictures.json',
      'src/pictures.ts',
    ])
    project.write('pixelkiln.yaml', `${manifestOf(IMAGES, { url: '/img', emit: EMIT })}\n# a remark\n`)
    const again = await project.build()
    expect(again.events.map(({ type }) => type)).toEqual(['finished'])
    project.write('data/pictures.json', project.read('data/pictures.json').replaceAll('\n', '\r\n'))
    expect((await project.build()).events.map(({ type }) => type)).toEqual(['finished'])
  })

  it('comes back when it is gone or changed, also in a frozen run, and check says so', async () => {
    const project = await emitting()
    await project.build()
    expect(await checked(project)).toEqual([])
    const text = project.read('data/pictures.json')
    rmSync(project.path('data/pictures.json'))
    expect(await checked(project)).toEqual(['stale/emitted'])
    const frozen = await project.build({ frozen: true })
    expect([frozen.exitCode, project.read('data/pictures.json')]).toEqual([0, text])
    project.write('data/pictures.json', text.replace('"version": 1', '"version": 2'))
    expect(await checked(project)).toEqual(['stale/emitted'])
    await project.build()
    expect(project.read('data/pictures.json')).toBe(text)
    expect((await project.build()).finished.fresh).toBe(2)
  })

  it('says nothing of an image that the manifest no longer names', async () => {
    const project = await emitting()
    await project.build()
    project.write('pixelkiln.yaml', manifestOf({ b: IMAGES.b }, { url: '/img', emit: EMIT }))
    await project.build()
    expect(project.read('data/pictures.json')).not.toContain('home/hero')
    expect(project.read('src/pictures.ts')).not.toContain('home/hero')
  })

  it('is no file that somebody else wrote, and none behind a link that leads out', async () => {
    const project = await emitting()
    project.write('data/pictures.json', '{"mine": true}')
    symlinkSync('/tmp', project.path('src'))
    const run = await project.build()
    expect([run.exitCode, run.codes, project.bought()]).toEqual([2, ['output/not-ours', 'output/outside'], 2])
    expect(project.read('data/pictures.json')).toBe('{"mine": true}')
  })
})

it('no text ends a line, a string or a script', () => {
  const hostile = `"'\`\${x}\\ \u2028\u2029</script><!--\n\0`
  const text = literal({ [hostile]: hostile })
  expect(text).not.toMatch(/[<\u2028\u2029\0]/)
  expect(JSON.parse(text)).toEqual({ [hostile]: hostile })
})

/** Type checks one file that uses the module; the compiler's words, empty for none. */
function compiled(project: TestProject, text: string, name = 'use.ts'): string {
  writeFileSync(project.path(name), text)
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
  const flags = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--allowImportingTsExtensions',
    '--types',
    '',
  ]
  try {
    execFileSync(process.execPath, [tsc, ...flags, name], { cwd: project.folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

describe('the module', () => {
  it.each([
    ['src/pictures.ts', './src/pictures.ts'],
    ['src/pictures.mjs', './src/pictures.mjs'],
  ])('%s has the ids as a union and the sizes as literals', async (module, from) => {
    const project = await emitting({ module })
    project.write('package.json', '{"type":"module"}')
    await project.build()
    const use = (line: string): string =>
      compiled(project, `import { pictures, type PictureId } from '${from}'\n${line}\n`)
    expect(
      use(`const id: PictureId = 'b'
const width: 96 = pictures['home/hero'].width
const sources: number = pictures[id].sources.length
export { width, sources }`),
    ).toBe('')
    expect(use(`export const id: PictureId = 'home/her'`)).toContain('home/hero')
    expect(use(`export const width: 97 = pictures.b.width`)).toContain('97')
  })

  it('in JavaScript runs, with the very texts', async () => {
    const project = await emitting({ module: 'src/pictures.mjs' })
    await project.build()
    expect(project.files('src')).toEqual(['pictures.d.mts', 'pictures.mjs'])
    const module = (await import(project.path('src/pictures.mjs'))) as {
      pictures: Record<string, { alt: string }>
    }
    expect(module.pictures['home/hero']?.alt).toBe(HOSTILE)
  })
})
