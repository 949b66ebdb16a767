import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/effects/config.ts'
import { CONFIG_PLACES } from '../../src/effects/config-places.ts'

/** A folder with one file in it. */
function folderWith(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), text)
  return folder
}

function textIn(name: string): string {
  if (name === 'package.json') return '{ "name": "site", "pixelkiln": { "concurrency": 7 } }'
  return /\.m?js$/.test(name) ? 'export default { concurrency: 7 }' : '{ "concurrency": 7 }'
}

it.each(CONFIG_PLACES)('a config is found in %s', async (name) => {
  expect(await loadConfig(folderWith(name, textIn(name)))).toEqual({
    config: { concurrency: 7 },
    problems: [],
  })
})

it('a package.json without a config, or one that only depends on the package, is none', async () => {
  for (const text of ['{ "name": "site" }', '{ "devDependencies": { "pixelkiln": "1" } }', '[]'])
    expect(await loadConfig(folderWith('package.json', text))).toEqual({ config: {}, problems: [] })
})

it('a package.json that cannot be read is told', async () => {
  const { problems } = await loadConfig(folderWith('package.json', '{ "name": '))
  expect(problems.map(({ code }) => code)).toEqual(['config/unreadable'])
})
