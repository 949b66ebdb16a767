import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync, utimesSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sweepTemporary } from '../../src/effects/sweep.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

it('half-written files of processes that are no more are removed, and nothing else', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A' } }))
  const ended = spawnSync(process.execPath, ['-e', '0']).pid
  // Each container counts its processes from 1, so that a killed run may well have had our number.
  const left = [
    `images/deep/er/.pixelkiln-${ended}-${randomUUID()}.tmp`,
    `images/.pixelkiln-${process.pid}-${randomUUID()}.tmp`,
  ]
  const kept = [
    `images/.pixelkiln-${process.ppid}-${randomUUID()}.tmp`,
    // Written by this process, and may be under way.
    `images/.pixelkiln-${process.pid}-${randomUUID()}.tmp`,
    'images/.pixelkiln-mine.tmp',
    `images/pixelkiln-${ended}-${randomUUID()}.tmp`,
    'images/deep/a-64.webp',
  ]
  for (const name of [...left, ...kept]) project.write(name, 'half')
  utimesSync(project.path(left[1] ?? ''), 1, 1)
  sweepTemporary([project.path('images'), project.path('not-there')])
  expect(project.files('images')).toEqual(kept.map((name) => name.slice('images/'.length)).sort())
})

it('a half-written state is removed also by a run that has nothing to do', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A', alt: 'a' } }))
  await project.build()
  const ended = spawnSync(process.execPath, ['-e', '0']).pid
  project.write(`.pixelkiln/.pixelkiln-${ended}-${randomUUID()}.tmp`, 'half')
  rmSync(project.path('.pixelkiln/state.bin'))
  expect((await project.build()).finished).toMatchObject({ ok: true, encoded: 0 })
  expect(project.files('.pixelkiln').filter((name) => name.endsWith('.tmp'))).toEqual([])
})

it.each([
  ['a run', (project: TestProject) => project.build()],
  ['a run that has nothing to do', (project: TestProject) => project.build()],
  ['the next edit', (project: TestProject) => runCommand(['reroll', 'a'], { cwd: project.folder })],
])('what a killed edit left beside the manifest is removed by %s, and nothing else', async (who, act) => {
  const project = await testProject(manifestOf({ a: { prompt: 'A', alt: 'a' } }))
  if (who !== 'a run') await project.build()
  rmSync(project.path('.pixelkiln/state.bin'), { force: true })
  const ended = spawnSync(process.execPath, ['-e', '0']).pid
  const others = ['.pixelkiln-1.tmp', '.pixelkiln-notes.txt', `deep/.pixelkiln-${ended}-${randomUUID()}.tmp`]
  for (const name of [...others, `.pixelkiln-${ended}-${randomUUID()}.tmp`]) project.write(name, 'half')
  await act(project)
  expect(project.files('.').filter((name) => /(^|\/)\.pixelkiln-/.test(name))).toEqual(others.toSorted())
})
