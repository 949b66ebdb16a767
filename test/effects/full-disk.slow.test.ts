import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { moneyRig, standingAfter } from '../support/money-rig.ts'
import type { MoneyRig } from '../support/money-rig.ts'
import { expectVerifiedStore } from '../support/originals.ts'

/** Puts a real file system over the project's state folder; false where this machine does not allow that. */
function mountOver(folder: string, ...options: readonly string[]): boolean {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', folder])
  if (mounted.status !== 0) return false
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return true
}

const REFUSED = 'this machine does not let its user mount a file system'

/** A project whose state folder is a disk of its own, with room for the journal and little more. */
async function smallDisk(): Promise<MoneyRig | null> {
  const rig = await moneyRig()
  rig.project.write('.pixelkiln/.gitignore', 'journal.jsonl\nstate.bin\nowner.json\n')
  return mountOver(rig.project.path('.pixelkiln'), 'size=1m') ? rig : null
}

/** Fills a disk until nothing goes on it any more, but for so many bytes. */
function fill(path: string, leaveBytes: number): void {
  const blocks = (1_048_576 - leaveBytes) >> 12
  for (let left = blocks; left > 0; left -= 1) {
    try {
      writeFileSync(`${path}-${left}`, Buffer.alloc(4096, 1))
    } catch {
      return
    }
  }
}

function fillAt(type: string, path: string): void {
  if (type === 'accepted') fill(path, 0)
}

function makeRoom({ project }: MoneyRig): void {
  for (const name of project.files('.pixelkiln').filter((file) => file.startsWith('full-')))
    rmSync(project.path(`.pixelkiln/${name}`))
}

it.for([
  ['from the start', 0],
  ['once the intents are down', 12_288],
] as const)(
  'a disk that is really full %s is told, and with room again nobody pays twice',
  async ([, leaveBytes], { skip }) => {
    const rig = await smallDisk()
    if (rig === null) return skip(REFUSED)
    fill(rig.project.path('.pixelkiln/full'), leaveBytes)
    const run = await rig.build()
    expect(run.exitCode).toBe(4)
    expect(new Set(run.codes)).toEqual(new Set(['disk/failed']))
    expect(run.result.problems[0]?.message).toContain('the disk is full (ENOSPC)')
    makeRoom(rig)
    expect(standingAfter(await rig.build(), rig)).toMatchObject({ said: [], exit: 0, paid: [1, 0] })
    await expectVerifiedStore(rig.project)
  },
)

it('a disk that fills up when the first picture is paid for is told, and the next run adopts it', async ({
  skip,
}) => {
  const rig = await smallDisk()
  if (rig === null) return skip(REFUSED)
  const path = rig.project.path('.pixelkiln/full')
  const run = await rig.build(undefined, { concurrency: 1, onEvent: ({ type }) => fillAt(type, path) })
  expect([run.exitCode, rig.project.bought()]).toEqual([4, 1])
  expect(new Set(run.codes)).toEqual(new Set(['disk/failed']))
  makeRoom(rig)
  expect(standingAfter(await rig.build(), rig)).toMatchObject({ said: [], exit: 0, paid: [1, 0] })
  await expectVerifiedStore(rig.project)
})

it('a disk that is read-only from the start costs nothing', async ({ skip }) => {
  const rig = await moneyRig()
  rig.project.write('.pixelkiln/.gitignore', '')
  if (!mountOver(rig.project.path('.pixelkiln'), 'ro')) return skip(REFUSED)
  const run = await rig.build()
  expect([run.exitCode, rig.project.bought()]).toEqual([4, 0])
  expect(run.result.problems[0]?.message).toContain('the disk is read-only (EROFS)')
})
