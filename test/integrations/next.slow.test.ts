import { expect, it } from 'vitest'
import { useChromium } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

// Compiles with two programs at once: on a machine that others keep busy it takes minutes.
it('a site exported by Next.js gets the right file to each screen', async () => {
  const site = installExample('05-next')
  site.run('build')
  await expectGoodPages(browser(), site.path('out'))
  expect(site.files('out').filter((file) => /lock|\.png$/.test(file))).toEqual([])
}, 600_000)
