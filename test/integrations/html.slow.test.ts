import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a plain page that was filled gets the right file to each screen, and stays as it was filled', async () => {
  const site = installExample('07-html')
  site.run('build')
  await expectGoodPages(browser(), site.path('dist'))
  expect(site.files('dist').filter((file) => /lock|\.png$/.test(file))).toEqual([])
  const page = (): string => readFileSync(site.path('site/index.html'), 'utf8')
  const filled = page()
  site.run('build')
  expect(page()).toBe(filled)
})
