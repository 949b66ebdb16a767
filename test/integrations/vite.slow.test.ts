import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by Vite gets the right file to each screen', async () => {
  const site = installExample('02-vite')
  site.typecheck()
  const types = readFileSync(site.path('src/pixelkiln-env.d.ts'), 'utf8')
  site.run('build')
  expect(readFileSync(site.path('src/pixelkiln-env.d.ts'), 'utf8')).toBe(types)
  await expectGoodPages(browser(), site.path('dist'))
  expect(site.files('dist').filter((file) => /lock|\.png$/.test(file))).toEqual([])
  site.write('src/wrong.ts', "import lamp from 'virtual:pixelkiln/lmap'\nconsole.log(lamp)\n")
  expect(() => site.typecheck()).toThrow('virtual:pixelkiln/lmap')
})
