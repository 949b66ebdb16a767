import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { expect, it, onTestFinished, vi } from 'vitest'
import { pixelkiln } from '../../src/integrations/vite.ts'
import type { SitePicture, VitePlugin } from '../../src/integrations/vite.ts'
import type { TypesOptions } from '../../src/integrations/site-types.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

const IMAGES = {
  'home/hero': { prompt: 'A harbour.', alt: 'A harbour' },
  lamp: { prompt: 'A lamp.', alt: 'A lamp' },
}

const emitting = { emitFile: ({ name }: { readonly name: string }): string => `of_${name}` }
const watched = { addWatchFile: (): void => undefined }

/** The plugin as Vite sets it up for this project, with no key in the environment. */
function pluginFor(
  project: TestProject,
  options: TypesOptions = {},
  config: Partial<Parameters<VitePlugin['configResolved']>[0]> = {},
): VitePlugin {
  vi.stubEnv('APIFRAME_API_KEY', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const plugin = pixelkiln(options)
  const publicDir = project.path('public')
  plugin.configResolved({ root: project.folder, base: '/', publicDir, command: 'build', ...config })
  return plugin
}

async function codeOf(plugin: VitePlugin, source: string): Promise<string> {
  return (await plugin.load.call(emitting, plugin.resolveId(source) ?? 'not resolved')) ?? 'not loaded'
}

async function dataOf(plugin: VitePlugin, id: string): Promise<SitePicture> {
  return JSON.parse(
    (await codeOf(plugin, `virtual:pixelkiln/${id}`)).replace('export default ', ''),
  ) as SitePicture
}

it('a clone without key, originals and journal builds from lock and files alone', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  rmSync(project.path('.pixelkiln'), { recursive: true })
  const plugin = pluginFor(project)
  await plugin.buildStart.call(watched)
  const hero = await dataOf(plugin, 'home/hero')
  expect(hero.sources).toEqual({ webp: '/images/home/hero-64.webp 64w, /images/home/hero-96.webp 96w' })
  expect(hero.img).toEqual({ src: '/images/home/hero-96.jpeg', w: 96, h: 96 })
  expect(hero.attributes).toMatchObject({ alt: 'A harbour', width: 96, height: 96, loading: 'lazy' })
  expect(project.bought()).toBe(2)
})

it('all pictures come as one map', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  const code = await codeOf(pluginFor(project), 'virtual:pixelkiln')
  const pictures = JSON.parse(code.replace('export const pictures = ', '')) as Record<string, SitePicture>
  expect(Object.keys(pictures)).toEqual(['home/hero', 'lamp'])
})

it('an unknown id fails with the nearest', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  await expect(codeOf(pluginFor(project), 'virtual:pixelkiln/home/heroo')).rejects.toThrow(
    'Did you mean "home/hero"?',
  )
})

it('the lock is taken out of what is published', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  const lock = 'images/pixelkiln.lock.json'
  mkdirSync(project.path('dist/images'), { recursive: true })
  copyFileSync(project.path(`public/${lock}`), project.path(`dist/${lock}`))
  await pluginFor(project).writeBundle({ dir: project.path('dist') })
  expect([existsSync(project.path(`dist/${lock}`)), existsSync(project.path(`public/${lock}`))]).toEqual([
    false,
    true,
  ])
})

it('what is not bought fails a build, with all that is missing, and is sketched while serving', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await expect(pluginFor(project).buildStart.call(watched)).rejects.toThrow(
    /stale\/pending: .*home\/hero, lamp/,
  )
  const serving = pluginFor(project, {}, { command: 'serve' })
  await serving.buildStart.call(watched)
  expect((await dataOf(serving, 'lamp')).img.src).toMatch(/^\/images\/lamp-96\.jpeg\?[0-9a-f]{8}$/)
  expect(project.bought()).toBe(0)
})

it('buying needs a budget', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await expect(pluginFor(project, { buy: true }).buildStart.call(watched)).rejects.toThrow('needs a "budget"')
  expect(project.bought()).toBe(0)
})

it('files of an asset folder outside public are named and copied by Vite', async () => {
  const project = await testProject(manifestOf({ lamp: IMAGES.lamp }, { out: 'pictures' }))
  await project.build()
  const code = await codeOf(pluginFor(project), 'virtual:pixelkiln/lamp')
  const folder = project.path('pictures')
  expect(code).toContain('"webp":"__VITE_ASSET__of_lamp-64.webp__ 64w, __VITE_ASSET__of_lamp-96.webp__ 96w"')
  const serving = pluginFor(project, {}, { command: 'serve', base: '/docs/' })
  expect((await dataOf(serving, 'lamp')).img.src).toContain(`/docs/@fs${folder}/lamp-96.jpeg?`)
})

it('a base goes before each address, and a relative one is left to Vite', async () => {
  const project = await testProject(manifestOf({ lamp: IMAGES.lamp }, { out: 'public/images' }))
  await project.build()
  expect((await dataOf(pluginFor(project, {}, { base: '/docs/' }), 'lamp')).img.src).toBe(
    '/docs/images/lamp-96.jpeg',
  )
  const relative = await codeOf(pluginFor(project, {}, { base: './' }), 'virtual:pixelkiln/lamp')
  expect(relative).toContain('from "/images/lamp-64.webp"')
})

it('a site with a tsconfig gets types with the ids, written again only when they change', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  await codeOf(pluginFor(project), 'virtual:pixelkiln')
  expect(project.exists('pixelkiln-env.d.ts')).toBe(false)
  project.write('tsconfig.json', '{}')
  await codeOf(pluginFor(project, { types: false }), 'virtual:pixelkiln')
  expect(project.exists('pixelkiln-env.d.ts')).toBe(false)
  await codeOf(pluginFor(project), 'virtual:pixelkiln')
  expect(project.read('pixelkiln-env.d.ts')).toContain('type PictureId = "home/hero" | "lamp"\n')
  expect(project.read('pixelkiln-env.d.ts')).toContain('declare module "virtual:pixelkiln/home/hero" {')
  const { mtimeMs } = statSync(project.path('pixelkiln-env.d.ts'))
  await codeOf(pluginFor(project), 'virtual:pixelkiln')
  expect(statSync(project.path('pixelkiln-env.d.ts')).mtimeMs).toBe(mtimeMs)
})

it('marked elements of index.html are filled, with addresses from the root for Vite to follow', async () => {
  const page = '<main><picture data-pixelkiln="lamp"></picture></main>'
  const fill = async (plugin: VitePlugin, html = page): Promise<string> =>
    plugin.transformIndexHtml.handler(html, { path: '/index.html' })
  const project = await testProject(manifestOf({ lamp: IMAGES.lamp }, { out: 'public/images' }))
  await project.build()
  expect(await fill(pluginFor(project, {}, { base: '/docs/' }))).toContain('src="/images/lamp-96.jpeg"')
  expect(await fill(pluginFor(project), '<p>none</p>')).toBe('<p>none</p>')
  await expect(fill(pluginFor(project), page.replace('lamp', 'lmap'))).rejects.toThrow(
    'index.html:1:16 usage/image-unknown: No image is named "lmap". Did you mean "lamp"?',
  )
  const elsewhere = await testProject(manifestOf({ lamp: IMAGES.lamp }, { out: 'pictures' }))
  await elsewhere.build()
  expect(await fill(pluginFor(elsewhere))).toContain('src="/pictures/lamp-96.jpeg"')
})

it('an address that the manifest gives goes into what is built, not into what is served', async () => {
  const url = 'https://cdn.example/pictures/'
  const project = await testProject(manifestOf({ lamp: IMAGES.lamp }, { out: 'public/images', url }))
  await project.build()
  expect((await dataOf(pluginFor(project), 'lamp')).img.src).toBe(`${url}lamp-96.jpeg`)
  expect((await dataOf(pluginFor(project, {}, { command: 'serve' }), 'lamp')).img.src).toContain(
    '/images/lamp-96.jpeg?',
  )
})

it('while serving, a saved word makes the pages ask again for that picture alone', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  const plugin = pluginFor(project, {}, { command: 'serve' })
  const asked: object[] = []
  plugin.configureServer({
    config: { logger: { error: () => undefined } },
    environments: {
      client: {
        name: 'client',
        moduleGraph: { getModuleById: (id) => ({ id }) },
        reloadModule: async (module) => Promise.resolve(void asked.push(module)),
        hot: { send: () => undefined },
      },
    },
  })
  await plugin.buildStart.call(watched)
  onTestFinished(plugin.closeBundle)
  expect((await dataOf(plugin, 'home/hero')).alt).toBe('A harbour')
  expect((await dataOf(plugin, 'lamp')).alt).toBe('A lamp')
  const edited = { ...IMAGES, lamp: { ...IMAGES.lamp, alt: 'A brass lamp' } }
  await expect
    .poll(
      () => {
        // Saved until it is seen: the watch begins a moment after the server.
        project.write('pixelkiln.yaml', manifestOf(edited, { out: 'public/images' }))
        return asked
      },
      { timeout: 15_000, interval: 300 },
    )
    .toEqual([{ id: '\0virtual:pixelkiln/lamp' }])
  expect((await dataOf(plugin, 'lamp')).alt).toBe('A brass lamp')
  expect(project.bought()).toBe(0)
})
