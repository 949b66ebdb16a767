import { expect, it } from 'vitest'
import { useChromium } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by Vite gets the right file to each screen', async () => {
  const site = installExample('02-vite')
  site.typecheck()
  site.run('build')
  await expectGoodPages(browser(), site.path('dist'))
  expect(site.files('dist').filter((file) => /lock|\.png$/.test(file))).toEqual([])
})
