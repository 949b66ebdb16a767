import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium, visit } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by Astro gets the right file to each screen', async () => {
  const site = installExample('03-astro', { node: 24 })
  site.run('build')
  site.typecheck()
  await expectGoodPages(browser(), site.path('dist'))
  expect(site.files('dist').filter((file) => /lock\.json|\.png$/.test(file))).toEqual([])
  expect(readFileSync(site.path('dist/all/index.html'), 'utf8')).toContain(
    '<li data-id="home/hero">Lighthouse',
  )
  const markdown = await visit(browser(), site.path('dist'), { viewport: 'phone', path: '/lamp/' })
  expect(markdown.pictures.map(({ format, alt }) => [format, alt])).toEqual([
    ['avif', 'Brass oil lamp on a wooden table'],
  ])
})
