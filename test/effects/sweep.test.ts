import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sweepTemporary } from '../../src/effects/sweep.ts'
import { manifestOf, testProject } from '../support/project.ts'

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
    'images/.pixelkiln-mine.tmp',
    `images/pixelkiln-${ended}-${randomUUID()}.tmp`,
    'images/deep/a-64.webp',
  ]
  for (const name of [...left, ...kept]) project.write(name, 'half')
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
