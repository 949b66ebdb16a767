import { appendFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mergeLocks } from '../src/core/merge-lock.ts'
import { printLock } from '../src/core/print-lock.ts'
import { readLock } from '../src/core/read-lock.ts'
import type { Lock } from '../src/core/lock.ts'
import { runCommand } from './support/run-command.ts'
import { originalsOf } from './support/originals.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'
const TWO = { lamp: { prompt: 'A lamp', alt: 'l' }, mug: { prompt: 'A mug', alt: 'm' } }
const ONE = manifestOf({ lamp: TWO.lamp })

/** Two pictures were bought, and the manifest names only one of them now. */
async function withOrphan(): Promise<TestProject> {
  const project = await testProject(manifestOf(TWO))
  await project.build()
  project.write('pixelkiln.yaml', ONE)
  return project
}

function lockAt(text: string): Lock {
  const read = readLock({ file: 'lock', text })
  if ('problem' in read) throw new Error(read.problem.message)
  return read.lock
}

async function prune(project: TestProject, ...flags: readonly string[]): Promise<number> {
  return (await runCommand(['prune', '--yes', ...flags], { cwd: project.folder })).exitCode
}

it('removes the files of what the manifest no longer names, and neither edited nor foreign ones', async () => {
  const project = await withOrphan()
  appendFileSync(project.path('images/mug-64.webp'), 'edited')
  project.write('images/mug-65.webp', 'mine')
  expect(await prune(project)).toBe(0)
  const left = project.files('images').filter((name) => name.startsWith('mug'))
  expect(left).toEqual(['mug-64.webp', 'mug-65.webp'])
  expect(project.files('images').filter((name) => name.startsWith('lamp'))).toHaveLength(4)
})

it('touches no original without the flag; with it only those that no words and no lock lead to', async () => {
  const project = await withOrphan()
  project.write('.pixelkiln/originals/ab/notes.txt', 'mine')
  await prune(project)
  expect(originalsOf(project)).toHaveLength(3)
  expect(await prune(project, '--originals')).toBe(0)
  expect(originalsOf(project)).toHaveLength(2)
  expect(project.exists('.pixelkiln/originals/ab/notes.txt')).toBe(true)
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 0 })
})

it('keeps the originals that a merge set aside: words of the other branch would be paid for again', async () => {
  const project = await testProject(manifestOf({ lamp: { prompt: 'First words', alt: 'l' } }))
  await project.build()
  const first = project.read(LOCK)
  project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt: 'Second words', alt: 'l' } }))
  await project.build()
  project.write(LOCK, printLock(mergeLocks(null, lockAt(first), lockAt(project.read(LOCK)))))
  await prune(project, '--originals')
  expect(originalsOf(project)).toHaveLength(2)
})

it.each([
  ['the manifest', 'pixelkiln.yaml', 'version: 1\nimages: { a: {'],
  ['the lock', LOCK, '{ "lock": 1'],
  ['the journal', '.pixelkiln/journal.jsonl', '{"step":"stored"}\n{"step":"stored"}\n'],
])('removes nothing when %s cannot be read', async (_, name, text) => {
  const project = await withOrphan()
  writeFileSync(project.path(name), text)
  const before = project.files('.')
  expect(await prune(project, '--originals')).toBe(2)
  expect((await project.build({ prune: true })).exitCode).toBe(2)
  expect(project.files('.')).toEqual(before)
})

it.each([
  ['is cut off', (text: string) => text.slice(0, text.length / 2)],
  ['is no index at all', () => '\0'.repeat(200)],
])('removes no original when a file of the index %s: what it lists was paid for', async (_, damage) => {
  const project = await testProject(manifestOf({ lamp: { ...TWO.lamp, candidates: 3 } }))
  await project.build()
  expect(originalsOf(project)).toHaveLength(3)
  const name = project.files('.pixelkiln/originals/index').find((file) => file.endsWith('.json')) ?? ''
  const path = `.pixelkiln/originals/index/${name}`
  project.write(path, damage(project.read(path)))
  await prune(project, '--originals')
  expect(originalsOf(project)).toHaveLength(3)
})
