import { copyFileSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { pixelkiln, pixelkilnLoader } from '../../src/integrations/astro.ts'
import type { MarkdownNode, SatteriPlugin } from '../../src/integrations/markdown.ts'
import { makeKeyless, withoutKey } from '../support/keyless.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

const IMAGES = { 'home/hero': { prompt: 'A harbour.', alt: 'A harbour' } }

function astroConfig(project: TestProject, base = '/') {
  const mdastPlugins: SatteriPlugin[] = []
  const folder = (path: string): URL => pathToFileURL(`${project.path(path)}/`)
  return {
    root: folder('.'),
    publicDir: folder('public'),
    base,
    markdown: { processor: { options: { mdastPlugins } } },
    mdastPlugins,
  }
}

async function setUp(config: ReturnType<typeof astroConfig>) {
  const integration = pixelkiln()
  const plugins: object[] = []
  await integration.hooks['astro:config:setup']({
    config,
    command: 'build',
    updateConfig: ({ vite }) => plugins.push(...vite.plugins),
  })
  return { integration, plugins }
}

/** What Markdown makes of an image's address. */
function drawn(plugin: SatteriPlugin | undefined, url: string): MarkdownNode | null {
  let replaced: MarkdownNode | null = null
  plugin?.image({ type: 'image', url, alt: '' }, { replaceNode: (_, node) => void (replaced = node) })
  return replaced
}

it('a build machine without key and originals has component, collection and Markdown', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  makeKeyless(project)
  const config = astroConfig(project, '/docs')
  const { plugins } = await setUp(config)
  expect(plugins).toMatchObject([{ name: 'pixelkiln' }])
  const entries: unknown[] = []
  await pixelkilnLoader().load({
    config,
    parseData: async ({ data }) => Promise.resolve(data),
    store: { clear: () => undefined, set: (entry) => entries.push(entry) },
  })
  const src = '/docs/images/home/hero-96.jpeg'
  expect(entries).toMatchObject([{ id: 'home/hero', data: { alt: 'A harbour', img: { src, w: 96, h: 96 } } }])
  const [plugin] = config.mdastPlugins
  expect(drawn(plugin, 'pixelkiln:home/hero')).toMatchObject({
    data: { hName: 'picture', hChildren: [{ tagName: 'source' }, { tagName: 'img', properties: { src } }] },
  })
  expect(drawn(plugin, './photo.jpg')).toBeNull()
})

it('Markdown that names an unknown id fails with the nearest', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  const config = astroConfig(project)
  await setUp(config)
  expect(() => drawn(config.mdastPlugins[0], 'pixelkiln:home/heroo')).toThrow('Did you mean "home/hero"?')
})

it('what is not bought stops a build', async () => {
  withoutKey()
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await expect(setUp(astroConfig(project))).rejects.toThrow('stale/pending')
})

it('Markdown cannot show what Vite will name later, and says so', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'pictures' }))
  await project.build()
  const config = astroConfig(project)
  await setUp(config)
  expect(() => drawn(config.mdastPlugins[0], 'pixelkiln:home/hero')).toThrow(
    'only show pictures below public',
  )
})

it('the lock is taken out of what is published', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  const { integration } = await setUp(astroConfig(project))
  mkdirSync(project.path('dist/images'), { recursive: true })
  copyFileSync(
    project.path('public/images/pixelkiln.lock.json'),
    project.path('dist/images/pixelkiln.lock.json'),
  )
  integration.hooks['astro:build:done']({ dir: pathToFileURL(`${project.path('dist')}/`) })
  expect(project.files('dist')).toEqual([])
})
