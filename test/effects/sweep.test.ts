import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { sweepTemporary } from '../../src/effects/sweep.ts'
import { manifestOf, testProject } from '../support/project.ts'

it('half-written files of processes that are no more are removed, and nothing else', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A' } }))
  const ended = spawnSync(process.execPath, ['-e', '0']).pid
  const left = `images/deep/er/.pixelkiln-${ended}-${randomUUID()}.tmp`
  const kept = [
    `images/.pixelkiln-${process.pid}-${randomUUID()}.tmp`,
    'images/.pixelkiln-mine.tmp',
    `images/pixelkiln-${ended}-${randomUUID()}.tmp`,
    'images/deep/a-64.webp',
  ]
  for (const name of [left, ...kept]) project.write(name, 'half')
  sweepTemporary([project.path('images'), project.path('not-there')])
  expect(project.files('images')).toEqual(kept.map((name) => name.slice('images/'.length)).sort())
})
