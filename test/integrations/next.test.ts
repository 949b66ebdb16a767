import { expect, it, onTestFinished } from 'vitest'
import { nextFiles } from '../../src/integrations/next-files.ts'
import { withPixelkiln } from '../../src/integrations/next.ts'
import type { NextPicture } from '../../src/integrations/next.ts'
import { readSite } from '../../src/integrations/site.ts'
import { makeKeyless, standIn, withoutKey } from '../support/keyless.ts'
import { manifestOf, testProject } from '../support/project.ts'

const IMAGES = { 'home/hero': { prompt: 'A harbour.', alt: 'The "harbour"' } }
const BUILD = 'phase-production-build'
const SERVE = 'phase-development-server'

it('a build machine without key and originals gets modules, widths and a loader', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  makeKeyless(project)
  standIn(project.folder)
  const config = await withPixelkiln({ basePath: '/docs', reactStrictMode: true })(BUILD)
  expect(config).toMatchObject({
    reactStrictMode: true,
    images: { loader: 'custom', loaderFile: './.pixelkiln/next/loader.js', deviceSizes: [64, 96] },
  })
  const code = project.read('.pixelkiln/next/pictures.js').replace('export const pictures = ', '')
  const { 'home/hero': hero } = JSON.parse(code) as Record<string, NextPicture>
  expect(hero).toMatchObject({
    src: '/docs/images/home/hero-96.jpeg',
    width: 96,
    height: 96,
    alt: 'The "harbour"',
    attributes: { src: '/docs/images/home/hero-96.jpeg' },
  })
  expect(project.read('.pixelkiln/next/pictures.d.ts')).toContain('type PictureId = "home/hero"')
})

it('the loader gives the narrowest file that is wide enough, else the widest', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  await project.build()
  const { lock } = await readSite(project.folder, {})
  const code = nextFiles(lock, { url: '/images', stamped: false })['loader.js'] ?? ''
  const { default: loader } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    default: (asked: { src: string; width: number }) => string
  }
  const src = '/images/home/hero-96.jpeg'
  expect([32, 64, 65, 500].map((width) => loader({ src, width }))).toEqual([
    '/images/home/hero-64.webp',
    '/images/home/hero-64.webp',
    '/images/home/hero-96.webp',
    '/images/home/hero-96.webp',
  ])
  expect(loader({ src: '/own.jpg', width: 64 })).toBe('/own.jpg')
})

it('what is not bought stops a build, and is sketched while serving', async () => {
  withoutKey()
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  standIn(project.folder)
  await expect(withPixelkiln({})(BUILD)).rejects.toThrow('stale/pending')
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  await withPixelkiln({}, { signal: stop.signal })(SERVE)
  expect(project.files('public/images')).toContain('home/hero-96.webp')
})

it('while serving, a saved word reaches the modules, and a changed file has another address', async () => {
  withoutKey()
  const project = await testProject(manifestOf(IMAGES, { out: 'public/images' }))
  standIn(project.folder)
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  await withPixelkiln({}, { signal: stop.signal })(SERVE)
  const written = (): string => project.read('.pixelkiln/next/pictures.js')
  const before = /hero-96\.jpeg\?[\da-f]{8}/.exec(written())?.[0] ?? 'no digest'
  expect(project.read('.pixelkiln/next/loader.js')).toContain(`"/images/home/${before}"`)
  const edited = { 'home/hero': { prompt: 'A forest.', alt: 'A forest' } }
  await expect
    .poll(
      () => {
        // Saved until it is seen: the watch begins a moment after the server.
        project.write('pixelkiln.yaml', manifestOf(edited, { out: 'public/images' }))
        return written()
      },
      { interval: 300 },
    )
    .toContain('"alt": "A forest"')
  expect(written()).not.toContain(before)
})

it('an asset folder that Next.js would not publish is refused', async () => {
  const project = await testProject(manifestOf(IMAGES, { out: 'pictures' }))
  await project.build()
  standIn(project.folder)
  await expect(withPixelkiln({})(BUILD)).rejects.toThrow('from "public" only')
})
