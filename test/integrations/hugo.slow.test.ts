import { expect, it } from 'vitest'
import { useChromium, visit } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by Hugo gets the right file to each screen', async () => {
  const site = installExample('06-hugo')
  site.run('build')
  await expectGoodPages(browser(), site.path('public'))
  expect(site.files('public').filter((file) => /lock|\.png$/.test(file))).toEqual([])
  const markdown = await visit(browser(), site.path('public'), { viewport: 'phone', path: '/lamp/' })
  expect(markdown.pictures.map(({ format, alt }) => [format, alt])).toEqual([
    ['avif', 'Brass oil lamp on a wooden table'],
  ])
  site.write('content/lamp.md', '![](pixelkiln:lmap)\n')
  expect(() => site.run('build')).toThrow(
    'No picture is named "lmap". Did you mean "lamp"? The manifest has: home/hero, lamp.',
  )
  site.write('content/lamp.md', '![](pixelkiln:quiz)\n')
  expect(() => site.run('build')).toThrow('No picture is named "quiz". The manifest has: home/hero, lamp.')
})
