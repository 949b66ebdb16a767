import { expect, it } from 'vitest'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import { expectVerifiedStore } from './support/originals.ts'
import { hurriedClock, manifestOf } from './support/project.ts'

it('a picture that drips for an hour is given up after a minute, and fetched by the next run', async () => {
  // Here the minute is a real one: the cap on a download is a timer, and one slow try uses up the time of the others.
  const clock = hurriedClock
  const rig = await moneyRig(manifestOf(LAMP_AND_MUG), { clock: undefined })
  const { control, ledger } = rig.project.emulator
  control.addFault({ fault: 'picture-slow', when: { prompt: 'lamp' } })
  const dripped = await rig.build(undefined, { clock })
  expect(standingAfter(dripped, rig)).toEqual({
    said: ['download/failed a'],
    exit: 4,
    paid: [1, 0],
    journal: ['accepted'],
    files: ['b'],
  })
  expect(ledger().jobs.map(({ downloads }) => downloads)).toEqual([1, 1])
  control.faults.replace([])
  expect(standingAfter(await rig.build(undefined, { clock }), rig)).toMatchObject({ said: [], paid: [1, 0] })
  await expectVerifiedStore(rig.project)
})
