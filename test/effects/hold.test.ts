import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '../../src/effects/clock.ts'
import { systemClock } from '../../src/effects/clock.ts'
import { tryHold } from '../../src/effects/hold.ts'
import type { Hold } from '../../src/effects/hold.ts'

const ELSEWHERE = { pid: 7, host: 'another net:[1]', since: '2026-01-01T00:00:00.000Z' }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelkiln-hold-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

const owner = (): string => join(folder, 'owner.json')

async function held(clock: Clock = systemClock): Promise<Hold> {
  const hold = await tryHold(folder, clock)
  if ('holder' in hold) throw new Error('somebody else holds it')
  return hold
}

it('a project is held by one at a time, and free again when released', async () => {
  const first = await held()
  expect(await tryHold(folder, systemClock)).toMatchObject({ holder: { pid: process.pid } })
  first.release()
  const second = await held()
  second.release()
})

it('a note of another host or container is never broken', async () => {
  writeFileSync(owner(), JSON.stringify(ELSEWHERE))
  expect(await tryHold(folder, systemClock)).toEqual({ holder: ELSEWHERE })
  expect(JSON.parse(readFileSync(owner(), 'utf8'))).toEqual(ELSEWHERE)
})

it('who of two hosts signs first at one moment has it, and the other one sees that', async () => {
  const clock: Clock = {
    ...systemClock,
    // The time goes into the note: the other host writes its own between our look and our signature.
    now: () => {
      writeFileSync(owner(), JSON.stringify(ELSEWHERE))
      return systemClock.now()
    },
  }
  expect(await tryHold(folder, clock)).toEqual({ holder: ELSEWHERE })
  expect(JSON.parse(readFileSync(owner(), 'utf8'))).toEqual(ELSEWHERE)
  rmSync(owner())
  const free = await held()
  free.release()
})

it.each(['', '{"pid":'])('a note that says nothing (%j) holds nobody up', async (text) => {
  writeFileSync(owner(), text)
  const hold = await held()
  expect(JSON.parse(readFileSync(owner(), 'utf8'))).toMatchObject({ pid: process.pid })
  hold.release()
})
