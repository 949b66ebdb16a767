import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ALL_COMMANDS } from '../src/cli/all-commands.ts'
import { readManifest } from '../src/core/manifest/read-manifest.ts'
import { PROBLEM_EXITS } from '../src/core/problems.ts'
import { FAULT_NAMES } from '../src/emulator/fault-names.ts'
import { catalog } from '../src/providers/catalog.ts'
import { inject } from '../src/markup/inject.ts'
import { VERSION } from '../src/tool.ts'
import { lockImage, lockOf } from './support/locks.ts'
import { manifestOf, testProject } from './support/project.ts'

const README = read('../README.md')

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

/** Blocks of code in one language. */
function blocks(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

describe('the README', () => {
  it('starts with the two commands', () => {
    const first = blocks('sh')[0]
      ?.split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
    expect(first?.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test'])
    expect(README.indexOf('```sh')).toBeLessThan(20)
  })

  it('explains every problem code with its exit code, and no other', () => {
    const explained = [...README.matchAll(/^### ([a-z-]+\/[a-z-]+)\n\n.*Exit code (\d+)\.$/gm)].map(
      ([, code, exit]) => [code, Number(exit)],
    )
    expect(Object.fromEntries(explained)).toEqual(PROBLEM_EXITS)
  })

  it('has an example of every command', () => {
    for (const command of Object.keys(ALL_COMMANDS))
      expect(README).toMatch(new RegExp(`^\\| \`${command}\` .*\`pixelkiln ${command}`, 'm'))
  })

  it('shows manifests that are right', () => {
    const manifests = blocks('yaml').filter((text) => text.includes('images:'))
    expect(manifests.length).toBeGreaterThan(0)
    for (const text of manifests) {
      const reading = readManifest({ file: 'README.md', text }, catalog)
      expect([...reading.problems, ...reading.unsupported]).toEqual([])
    }
  })

  it('counts the faults of the emulator rightly', () => {
    expect(README).toContain(`the ${FAULT_NAMES.length} ways`)
  })
})

it('the version is the same everywhere', () => {
  const { version } = JSON.parse(read('../package.json')) as { version: string }
  expect(VERSION).toBe(version)
  expect(read('../CHANGELOG.md')).toContain(`## ${version}`)
})

describe('the README’s ways to use a picture', () => {
  it('in plain HTML fill', () => {
    const lock = lockOf({ 'home/hero': lockImage('home/hero'), 'shop/mug-teal': lockImage('shop/mug-teal') })
    const page = blocks('html').find((text) => text.includes('data-pixelkiln')) ?? ''
    const filled = inject(lock, page)
    expect(filled.match(/<source type="image\/avif" sizes="\(min-width: 60em\)/g)).toHaveLength(1)
    expect(filled).toContain('src="/images/shop/mug-teal-960.jpeg"')
  })

  it('in code run', async () => {
    const emitted = { formats: ['webp', 'jpeg'], widths: [64], effort: { webp: 0 } }
    const images = { 'home/hero': { prompt: 'A lighthouse', alt: 'A lighthouse' } }
    const project = await testProject(
      manifestOf(images, { out: 'public/images', url: '/images', defaults: { outputs: emitted } }),
    )
    await project.build()
    const here = project.path('public/images/pixelkiln.lock.json')
    const examples = blocks('ts').filter((text) => text.includes("readLock('public/images"))
    const names: string[] = []
    for (const [index, example] of examples.entries()) {
      const text = example
        .replace("'pixelkiln'", JSON.stringify(fileURLToPath(new URL('../src/index.ts', import.meta.url))))
        .replace("'public/images/pixelkiln.lock.json'", JSON.stringify(here))
        .replaceAll(/^const (?=html|share)/gm, 'export const ')
      project.write(`example-${index}.ts`, text)
      const module: Record<string, unknown> = await import(project.path(`example-${index}.ts`))
      names.push(...Object.keys(module))
      if (typeof module['image'] !== 'function') continue
      const image = module['image'] as (url: string, alt: string) => string | null
      expect([image('pixelkiln:home/hero', 'Keeper'), image('a.png', '')]).toEqual([
        expect.stringContaining('alt="Keeper"'),
        null,
      ])
    }
    expect(names.sort()).toEqual(['html', 'image', 'share'])
  })
})
