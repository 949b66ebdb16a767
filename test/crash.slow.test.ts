import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interrupt } from './crash/crowd.ts'
import { damage } from './crash/damage.ts'
import { diskCalls } from './crash/disk-calls.ts'
import { killLoop } from './crash/kill-loop.ts'
import { ROOT } from './crash/root.ts'
import type { Row } from './crash/row.ts'
import { startService } from './crash/service.ts'
import type { Service } from './crash/service.ts'
import { subjectOf } from './crash/subject.ts'
import { canTrace, systemCalls } from './crash/system-calls.ts'

// A sample of what `npm run test:crash` does in full: real processes, killed and starved, against real books.
let service: Service
beforeAll(async () => {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT })
  service = await startService()
}, 120_000)
afterAll(() => service.close())

/** Everything needed is there, was paid for once, and nobody is left in doubt. */
const SOUND = { wrongs: [], unpaid: 0, lost: 0, inDoubt: 0 }

function standingOf({ wrongs, needed, charged, lost, inDoubt }: Row): object {
  return { wrongs, unpaid: needed - charged, lost, inDoubt }
}

describe('kill -9', () => {
  it.each([false, true])(
    'at random moments loses nothing and pays for nothing twice (resets: %s)',
    async (resets) => {
      expect(standingOf(await killLoop(service, { rounds: 2, seed: 20_261_125, resets }))).toEqual(SOUND)
    },
  )
})

describe('a disk that fails', () => {
  it.each([['EIO', 11]] as const)(
    'with %s is told in words, and the next run goes on',
    async (way, stride) => {
      expect(standingOf(await diskCalls(service, { way, stride }))).toEqual(SOUND)
    },
  )
})

describe.skipIf(!canTrace())('in the kernel', () => {
  it.each([
    ['rename', 'signal=KILL', 1],
    ['openat', 'error=EIO', 7],
    ['write', 'error=ENOSPC', 1],
  ] as const)('%s with %s', async (call, injection, stride) => {
    const row = await systemCalls(service, { call, injection, stride })
    expect(row.rounds).toBeGreaterThan(0)
    expect(standingOf(row)).toEqual(SOUND)
  })
})

describe.skipIf(!canTrace())('before the first request of a project leaves', () => {
  it('intent, journal, its folder and the name of that are on disk', async () => {
    const subject = subjectOf('first', 1, service)
    const log = join(subject.folder, 'calls')
    const traced = ['strace', '-f', '-qq', '-y', '-o', log, '-e', 'trace=fsync,fdatasync,write,writev']
    await subject.run(['build'], { under: traced })
    const calls = readFileSync(log, 'utf8').split('\n')
    subject.close()
    const sent = calls.findIndex((call) => call.includes('POST /v2/images'))
    const synced = calls.slice(0, sent).flatMap((call) => /sync\(\d+<([^>]*)>/.exec(call)?.[1] ?? [])
    expect(sent).toBeGreaterThan(0)
    for (const path of ['.pixelkiln/journal.jsonl', '.pixelkiln', ''])
      expect(synced).toContain(join(subject.folder, path).replace(/\/$/, ''))
  })
})

describe('a damaged file is recovered, refused or missed, and nothing is bought again', () => {
  it.each([
    ['journal', 'cut', 29],
    ['journal', 'flip', 29],
    ['lock', 'cut', 29],
    ['lock', 'flip', 29],
    ['state', 'cut', 61],
    ['state', 'flip', 61],
    ['index', 'cut', 13],
    ['index', 'flip', 13],
    ['original', 'cut', 199],
    ['original', 'flip', 199],
  ] as const)('%s, %s', async (what, how, stride) => {
    expect(standingOf(await damage(service, { what, how, stride }))).toEqual(SOUND)
  })
})

describe('signals', () => {
  it.each([[['SIGINT']], [['SIGINT', 'SIGINT']], [['SIGTERM']], [['SIGTERM', 'SIGINT']]] as const)(
    '%j ends with 130, and the next run goes on',
    async (signals) => {
      expect(standingOf(await interrupt(service, signals))).toEqual(SOUND)
    },
  )
})
