import { rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { printLine, replay } from '../src/core/journal.ts'
import type { JournalPurchase } from '../src/core/journal.ts'
import { LAMP_AND_MUG, moneyRig } from './support/money-rig.ts'
import { originalsOf } from './support/originals.ts'
import { manifestOf, testProject } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'
const JOURNAL = '.pixelkiln/journal.jsonl'

function firstOf(journal: string): JournalPurchase {
  const replayed = replay(journal, JOURNAL)
  const [first] = 'problem' in replayed ? [] : replayed.purchases.values()
  if (!first) throw new Error('the journal is empty')
  return first
}

it.each<readonly [string, string, string, (text: string) => string]>([
  [
    'a journal with a damaged line',
    'journal/damaged',
    JOURNAL,
    (text) => text.replace('accepted', 'acceptes'),
  ],
  [
    'a journal of a newer version',
    'journal/newer',
    JOURNAL,
    (text) => text + printLine({ ...firstOf(text).intended, purchase: 'new', version: 99 }),
  ],
  [
    'a lock that names an image twice',
    'lock/duplicate',
    LOCK,
    (text) => text.replace(/^"a": \{[\s\S]*?^\}/m, (block) => `${block},\n\n${block}`),
  ],
  ['half a lock', 'lock/unreadable', LOCK, (text) => text.slice(0, text.length / 2)],
])('beside %s nothing is bought, and it stays as it is', async (_, code, name, harm) => {
  const project = await testProject(manifestOf({ a: LAMP_AND_MUG.a }))
  await project.build()
  const harmed = harm(project.read(name))
  expect(harmed).not.toBe(project.read(name))
  project.write(name, harmed)
  project.write('pixelkiln.yaml', manifestOf(LAMP_AND_MUG))
  const run = await project.build()
  expect([run.codes, run.exitCode, project.bought()]).toEqual([[code], 2, 1])
  expect(project.read(name)).toBe(harmed)
})

it('two manifests cannot share one lock, and nothing is bought for the second one', async () => {
  const project = await testProject(manifestOf({ a: LAMP_AND_MUG.a }))
  await project.build()
  project.write('other.yaml', manifestOf(LAMP_AND_MUG))
  const run = await project.build({ manifest: 'other.yaml' })
  expect([run.codes, run.exitCode, project.bought()]).toEqual([['lock/other-manifest'], 2, 1])
})

it('an original that is damaged in the store is told, and not bought again', async () => {
  const project = await testProject(manifestOf({ a: LAMP_AND_MUG.a }))
  await project.build()
  const [name] = originalsOf(project)
  writeFileSync(project.path(`.pixelkiln/originals/${name}`), 'no picture')
  rmSync(project.path('images/a-64.webp'))
  const run = await project.build()
  expect([run.codes, run.exitCode, project.bought()]).toEqual([['store/damaged'], 4, 1])
})

it('words whose list of takes is damaged are not bought again in a clone, which has no journal', async () => {
  const { project, build, clock } = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  await build()
  const index = project.files('.pixelkiln/originals/index').find((name) => name.endsWith('.json')) ?? ''
  project.write(`.pixelkiln/originals/index/${index}`, 'damaged')
  project.write('pixelkiln.yaml', manifestOf({ a: LAMP_AND_MUG.b }))
  await build()
  rmSync(project.path(JOURNAL))
  // By then the service has forgotten the idempotency key.
  clock.leap(25 * 3_600_000)
  project.write('pixelkiln.yaml', manifestOf({ a: LAMP_AND_MUG.a }))
  const run = await build()
  expect([run.codes, run.exitCode, project.bought()]).toEqual([['store/damaged'], 4, 2])
  expect(project.read(`.pixelkiln/originals/index/${index}`)).toBe('damaged')
})

it('builds that are started at once wait for each other and buy each picture once', async () => {
  const project = await testProject(manifestOf(LAMP_AND_MUG))
  const runs = await Promise.all([1, 2, 3, 4, 5].map(async () => project.build()))
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0])
  expect(runs.filter(({ finished }) => finished.bought > 0)).toHaveLength(1)
  expect(project.emulator.ledger().submissions).toMatchObject({ accepted: 2, replayed: 0 })
})
