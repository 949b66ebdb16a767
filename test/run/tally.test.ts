import { expect, it } from 'vitest'
import { NO_COPIES } from '../../src/core/copies.ts'
import { heldOf } from '../../src/core/held-images.ts'
import { nextLock } from '../../src/core/next-lock.ts'
import type { Plan } from '../../src/core/plan.ts'
import { printLock } from '../../src/core/print-lock.ts'
import { createTally } from '../../src/run/tally.ts'
import type { Tally } from '../../src/run/tally.ts'
import { KINDS_OF_IMAGES, lockImage, lockOf } from '../support/locks.ts'

const NOTHING_PLANNED: Plan = {
  jobs: [],
  fresh: [],
  kept: new Map(),
  orphans: [],
  problems: [],
  notes: [],
  credits: 0,
  images: new Map(),
  copies: NO_COPIES,
  only: null,
}
const MADE = { outputs: 1, bytes: 1, draft: false }

function tally(): Tally {
  const context = { lock: lockOf({}), onEvent: () => undefined, onEntry: async () => undefined }
  return createTally(NOTHING_PLANNED, context)
}

it('images of every kind are told and printed as they were made, however they are held', async () => {
  const { made, result } = tally()
  for (const [id, image] of Object.entries(KINDS_OF_IMAGES)) await made(id, image, MADE)
  const { entries } = result()
  const images = new Map(Object.entries(KINDS_OF_IMAGES))
  expect(new Map(entries)).toEqual(images)
  const lock = nextLock(lockOf({}), NOTHING_PLANNED, entries, { prune: false })
  expect(printLock(lock)).toBe(printLock(lockOf(KINDS_OF_IMAGES)))
})

it('plainly bought pictures are held as their blocks, others as they are', async () => {
  const { made, entries } = tally()
  for (const id of ['plain', 'signed', 'words', 'drawn', 'named'])
    await made(id, KINDS_OF_IMAGES[id] ?? lockImage(id), MADE)
  const held = [...heldOf(entries)].filter(([, image]) => typeof image === 'string')
  expect(held.map(([id]) => id)).toEqual(['plain', 'signed'])
})

it('takes that came later are counted in what is held', async () => {
  const { made, counted, result } = tally()
  await made('plain', lockImage('plain'), MADE)
  await counted('plain', 3)
  expect(result().entries.get('plain')?.bought?.candidates).toBe(3)
})
