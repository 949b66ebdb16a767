import { existsSync, readFileSync } from 'node:fs'
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

describe('the README’s blocks for frameworks', () => {
  const code = ['js', 'ts', 'jsx', 'astro', 'svelte'].flatMap((language) =>
    blocks(language).map((text) => ({ language, text })),
  )

  it('import nothing that is not there', async () => {
    const { exports: faces } = JSON.parse(read('../package.json')) as {
      exports: Record<string, string | { default: string }>
    }
    const imports = code.flatMap(({ text }) => importsOf(text)).filter(({ from }) => OURS.test(from))
    const missing: string[] = []
    for (const { what, from } of imports) {
      const face = faces[from.replace('pixelkiln', '.')] ?? ''
      const path = typeof face === 'string' ? face : face.default
      const source = path.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts').replace('./', '../')
      const there = existsSync(new URL(source, import.meta.url))
      const names = there && source.endsWith('.ts') ? Object.keys((await import(source)) as object) : []
      if (!there || path === '') missing.push(from)
      missing.push(...what.filter((name) => !names.includes(name)).map((name) => `${name} of ${from}`))
    }
    expect(missing).toEqual([])
    expect(new Set(imports.map(({ from }) => from))).toEqual(
      new Set([
        'pixelkiln',
        'pixelkiln/astro',
        'pixelkiln/astro/Picture.astro',
        'pixelkiln/eleventy',
        'pixelkiln/next',
        'pixelkiln/vite',
      ]),
    )
  })

  it('of config run', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'x', alt: 'x' } }))
    const configs = code.filter(({ language, text }) => language === 'js' && text.includes('export default'))
    for (const [index, { text }] of configs.entries()) {
      project.write(`config-${index}.ts`, withStubs(text))
      const config = (await import(project.path(`config-${index}.ts`))) as { default: unknown }
      expect(['object', 'function']).toContain(typeof config.default)
    }
    expect(configs.length).toBeGreaterThanOrEqual(6)
  })

  it('of the manifest are right beside images', () => {
    const parts = blocks('yaml').filter((text) => !text.includes('images:'))
    expect(parts.length).toBeGreaterThan(0)
    for (const part of parts) {
      const text = `version: 1\nimages: { a: { prompt: x, alt: x } }\n${part}`
      expect(readManifest({ file: 'README.md', text }, catalog).problems).toEqual([])
    }
  })
})

const OURS = /^pixelkiln(\/|$)/

/** What a block of code imports, and from where. */
function importsOf(text: string): readonly { readonly what: readonly string[]; readonly from: string }[] {
  return [...text.matchAll(/^ *import (type )?([^'"]+) from '([^']+)'/gm)].map(([, type, what, from]) => ({
    what:
      type || !what?.startsWith('{')
        ? []
        : [...what.replaceAll(/\btype \w+/g, '').matchAll(/[\w$]+/g)].map(([name]) => name),
    from: from ?? '',
  }))
}

/** A config with our source in the place of the package, and functions that do nothing in the place of others. */
function withStubs(text: string): string {
  return text.replaceAll(/^import (\{[^}]+\}|\w+) from '([^']+)'/gm, (line, what: string, from: string) => {
    if (!OURS.test(from)) {
      const names = [...what.matchAll(/\w+/g)].map(([name]) => name)
      return names
        .map((name) => `const ${name} = (...given: unknown[]): unknown => given[0] ?? {}`)
        .join('\n')
    }
    const source = from === 'pixelkiln' ? 'index' : from.replace('pixelkiln/', 'integrations/')
    return line.replace(
      `'${from}'`,
      JSON.stringify(fileURLToPath(new URL(`../src/${source}.ts`, import.meta.url))),
    )
  })
}
