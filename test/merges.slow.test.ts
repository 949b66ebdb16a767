import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { merges } from './crash/merges.ts'
import { ROOT } from './crash/root.ts'
import { startService } from './crash/service.ts'
import type { Service } from './crash/service.ts'

// A sample of what `npm run test:crash -- 40 1 merges` does.
let service: Service
beforeAll(async () => {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT })
  service = await startService()
}, 120_000)
afterAll(() => service.close())

it('git merges locks of two people with the driver: one lock both ways, no picture lost, none bought again', async () => {
  const { wrongs, rounds, lost, needed, charged } = await merges(service, { rounds: 4, seed: 20_261_125 })
  expect({ wrongs, rounds, lost, paidAgain: charged - needed }).toEqual({
    wrongs: [],
    rounds: 4,
    lost: 0,
    paidAgain: 0,
  })
})
