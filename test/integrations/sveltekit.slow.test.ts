import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import type { ExampleSite } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by SvelteKit gets the right file to each screen, and encodes none of them anew', async () => {
  const site = installExample('08-sveltekit', { node: 24 })
  site.run('build')
  await expectGoodPages(browser(), site.path('build'))
  const made = digests(site, 'src/images')
  expect(made.size).toBe(15)
  // Vite copies what is offered: none of it is another file than was made.
  expect([...digests(site, 'build')].filter((digest) => !made.has(digest))).toEqual([])
})

/** Of every picture below a folder. */
function digests(site: ExampleSite, folder: string): ReadonlySet<string> {
  const pictures = site.files(folder).filter((file) => /\.(avif|webp|jpeg|png)$/.test(file))
  return new Set(
    pictures.map((file) =>
      createHash('sha256')
        .update(readFileSync(site.path(`${folder}/${file}`)))
        .digest('hex'),
    ),
  )
}
