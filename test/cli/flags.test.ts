import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/effects/clock.ts'
import { tryHold } from '../../src/effects/hold.ts'
import { runCommand } from '../support/run-command.ts'
import { LAMP_AND_MUG } from '../support/money-rig.ts'
import { manifestOf, testProject } from '../support/project.ts'

it('build --no-wait leaves at once with 6 while another run holds the project, and works when it is free', async () => {
  const project = await testProject(manifestOf(LAMP_AND_MUG))
  const held = await tryHold(join(project.folder, '.pixelkiln'), systemClock)
  if ('holder' in held) throw new Error('the project is held already')
  const where = { cwd: project.folder }
  const run = await runCommand(['build', '--draft', '--no-wait'], where)
  expect([run.exitCode, project.exists('images')]).toEqual([6, false])
  expect(run.out + run.errors).toContain('run/held')
  held.release()
  expect((await runCommand(['build', '--draft', '--no-wait'], where)).exitCode).toBe(0)
})

it('check --no-files takes the word of the lock where the files are not checked out', async () => {
  const project = await testProject(manifestOf(LAMP_AND_MUG))
  await project.build()
  for (const name of project.files('images').filter((path) => !path.endsWith('.json')))
    rmSync(project.path(`images/${name}`))
  const codeOf = async (...flags: readonly string[]): Promise<number> =>
    (await runCommand(['check', ...flags], { cwd: project.folder })).exitCode
  expect([await codeOf('--no-files'), await codeOf()]).toEqual([0, 3])
  project.write('pixelkiln.yaml', project.read('pixelkiln.yaml').replace('A lamp', 'A tall lamp'))
  expect(await codeOf('--no-files')).toBe(3)
})

it('build --emulator tells once that its service cannot keep its books', async () => {
  const project = await testProject(manifestOf(LAMP_AND_MUG))
  project.write('.pixelkiln/emulator/service.jsonl/in-the-way', '')
  const run = await runCommand(['build', '--emulator', '--yes'], { cwd: project.folder })
  expect([run.exitCode, run.out.match(/disk\/failed/g)?.length, run.errors]).toEqual([4, 1, ''])
})
