import { expect, it } from 'vitest'
import { testProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const MANIFEST = `version: 1
out: images
images:
  home/hero:
    prompt: A lighthouse keeper   # no text
    alt: Keeper
    candidates: 2
`.replace('   # no text', '')

/** A transcript of commands as people type them. */
async function transcript(commands: readonly string[]): Promise<string> {
  const project = await testProject(MANIFEST)
  const said: string[] = []
  for (const command of commands) {
    const { exitCode, out, errors } = await runCommand(command.split(' '), { cwd: project.folder })
    said.push(`$ pixelkiln ${command}\n${errors}${out}${exitCode === 0 ? '' : `exit ${exitCode}\n`}`)
  }
  return said.join('')
}

it('the commands say what they changed in which line', async () => {
  expect(
    await transcript([
      'reroll home/hero',
      'reroll home/hero',
      'pick home/hero 2',
      'pick home/hero 7',
      'pin home/hero',
      'pin home/hero 12ab',
      'unpin home/hero',
      'unpin home/heros',
      'pick home/hero',
    ]),
  ).toBe(`$ pixelkiln reroll home/hero
pixelkiln.yaml:8:5: home/hero: wrote "reroll: 1"
The next build buys 2 new pictures for 42 credits.
$ pixelkiln reroll home/hero
pixelkiln.yaml:8:5: home/hero: changed "reroll: 1" to "reroll: 2"
The next build buys 2 new pictures for 42 credits.
$ pixelkiln pick home/hero 2
pixelkiln.yaml:9:5: home/hero: wrote "pick: 2"
Candidate 2 of home/hero is not bought yet; the next build buys it.
$ pixelkiln pick home/hero 7
image/pick: home/hero has no candidate 7: "candidates" is 2, and none is bought yet. Pick one from 1 to 2, or raise "candidates". Nothing was changed.
exit 2
$ pixelkiln pin home/hero
image/pin-unknown: home/hero has no original yet that it could be pinned to; "pixelkiln build" buys it. Nothing was changed.
exit 4
$ pixelkiln pin home/hero 12ab
image/pin-unknown: No original in lock or store begins with 12ab, so home/hero cannot be pinned to it. Nothing was changed.
exit 4
$ pixelkiln unpin home/hero
home/hero is not pinned.
$ pixelkiln unpin home/heros
usage/image-unknown: No image is named "home/heros". The nearest id is "home/hero".
exit 2
$ pixelkiln pick home/hero
usage/wrong: Usage: pixelkiln pick ID N
Run "pixelkiln help" for everything it can do.
exit 2
`)
})

it('--json is one object', async () => {
  const { folder } = await testProject(MANIFEST)
  const { out } = await runCommand(['reroll', 'home/hero', '--json'], { cwd: folder })
  expect(JSON.parse(out)).toMatchObject({
    changes: [{ id: 'home/hero', file: 'pixelkiln.yaml', line: 8, column: 5, before: null, after: '1' }],
    notes: [{ code: 'edit/cost' }],
    problems: [],
  })
  const refused = await runCommand(['reroll', 'nobody', '--json'], { cwd: folder })
  expect(JSON.parse(refused.out)).toMatchObject({ changes: [], problems: [{ code: 'usage/image-unknown' }] })
})

it('pictures of the emulator can be chosen as well, when that is said', async () => {
  const { folder, build, emulator, read } = await testProject(MANIFEST)
  const service = async (): Promise<{ readonly baseUrl: string; readonly apiKey: string }> =>
    Promise.resolve({ baseUrl: emulator.url, apiKey: 'afk_00000000' })
  await build({ emulator: true, service })
  const real = await runCommand(['pin', 'home/hero'], { cwd: folder })
  expect([real.exitCode, real.errors]).toEqual([4, expect.stringContaining('--emulator')])
  expect((await runCommand(['pick', 'home/hero', '2', '--emulator'], { cwd: folder })).exitCode).toBe(0)
  expect((await runCommand(['pin', 'home/hero', '--emulator'], { cwd: folder })).exitCode).toBe(0)
  expect(read('pixelkiln.yaml')).toMatch(/\n {4}pick: 2\n {4}pin: \S+\n$/)
})
