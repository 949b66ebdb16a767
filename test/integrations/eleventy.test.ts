import { expect, it } from 'vitest'
import { pixelkiln } from '../../src/integrations/eleventy.ts'
import type { EleventyConfig } from '../../src/integrations/eleventy.ts'
import { makeKeyless, standIn, withoutKey } from '../support/keyless.ts'
import { manifestOf, testProject } from '../support/project.ts'

const IMAGES = { 'home/hero': { prompt: 'A harbour.', alt: 'A harbour' } }

type Calls = {
  [name in keyof EleventyConfig]?: EleventyConfig[name] extends (...given: infer G) => unknown ? G : never
}

/** The config as Eleventy hands it to a plugin; what the plugin called it with is kept. */
function eleventy(more: Partial<EleventyConfig> = {}): { config: EleventyConfig; calls: Calls } {
  const calls: Calls = {}
  const keep =
    (name: keyof EleventyConfig) =>
    (...given: unknown[]) =>
      void Object.assign(calls, { [name]: given })
  const config: EleventyConfig = {
    directories: { input: './' },
    hasPlugin: () => false,
    on: keep('on'),
    addShortcode: keep('addShortcode'),
    addFilter: keep('addFilter'),
    addGlobalData: keep('addGlobalData'),
    addPassthroughCopy: keep('addPassthroughCopy'),
    addWatchTarget: keep('addWatchTarget'),
    amendLibrary: keep('amendLibrary'),
    ...more,
  }
  return { config, calls }
}

it('a build machine without key and originals has shortcode, data, filter and Markdown', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'images' }))
  await project.build()
  makeKeyless(project)
  standIn(project.folder)
  const { config, calls } = eleventy({ pathPrefix: '/docs/' })
  await pixelkiln(config)
  await calls.on?.[1]({ runMode: 'build' })
  const html = calls.addShortcode?.[1]('home/hero', '50vw')
  expect(html).toMatch(
    /^<picture><source type="image\/webp" sizes="auto, 50vw" srcset="\/docs\/images\/home\/hero-64/,
  )
  expect(html).toMatch(/alt="A harbour" eleventy:ignore><\/picture>$/)
  expect(calls.addFilter?.[1]('home/hero', { width: 64 })).toBe('/docs/images/home/hero-64.jpeg')
  expect(calls.addGlobalData?.[1]()).toMatchObject({ 'home/hero': { img: { w: 96 } } })
  expect(calls.addWatchTarget).toEqual(['pixelkiln.yaml'])
  const rules: Parameters<NonNullable<typeof calls.amendLibrary>[1]>[0]['renderer']['rules'] = {
    image: () => 'plain',
  }
  calls.amendLibrary?.[1]({ renderer: { rules } })
  const image = (src: string): string | undefined =>
    rules.image?.([{ content: 'Harbour at dusk', attrGet: (name) => (name === 'src' ? src : null) }], 0)
  expect(image('pixelkiln:home/hero')).toContain('alt="Harbour at dusk"')
  expect(image('pixelkiln:home/hero?sizes=50vw')).toContain('sizes="auto, 50vw"')
  expect(image('photo.jpg')).toBe('plain')
})

it('the prefix is left to the base plugin where that is used', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'images' }))
  await project.build()
  standIn(project.folder)
  const { config, calls } = eleventy({ pathPrefix: '/docs/', hasPlugin: () => true })
  await pixelkiln(config)
  expect(calls.addFilter?.[1]('home/hero')).toBe('/images/home/hero-96.jpeg')
})

it('the asset folder is copied without its lock, from below the input folder too', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'src/images' }))
  standIn(project.folder)
  const { config, calls } = eleventy({ directories: { input: './src/' } })
  await pixelkiln(config)
  expect(calls.addPassthroughCopy?.[0]).toEqual({ 'src/images': 'images' })
  const passes = ['home/hero-96.webp', 'pixelkiln.lock.json'].map((path) =>
    calls.addPassthroughCopy?.[1].filter(path),
  )
  expect(passes).toEqual([true, false])
})

it('an unknown id fails with the nearest', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'images' }))
  await project.build()
  standIn(project.folder)
  const { config, calls } = eleventy()
  await pixelkiln(config)
  expect(() => calls.addShortcode?.[1]('home/heroo')).toThrow('Did you mean "home/hero"?')
})

it('what is not bought stops a build, and is sketched while serving', async () => {
  withoutKey()
  const project = await testProject(manifestOf(IMAGES, { out: 'images' }))
  standIn(project.folder)
  const { config, calls } = eleventy()
  await pixelkiln(config)
  await expect(calls.on?.[1]({ runMode: 'build' })).rejects.toThrow('stale/pending')
  await calls.on?.[1]({ runMode: 'serve' })
  expect(calls.addShortcode?.[1]('home/hero')).toContain('A harbour')
})
