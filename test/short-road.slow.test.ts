import { expect, it } from 'vitest'
import { compareRoads } from './support/short-road.ts'

const SEEDS = 4
const EDITS = 15

it('over many edits, reading only what changed comes to the same as reading everything', async () => {
  let short = 0
  for (let seed = 100; seed < 100 + SEEDS; seed += 1) short += await compareRoads(seed, EDITS)
  // Or this would compare one road with itself.
  expect(short).toBeGreaterThan((SEEDS * EDITS) / 10)
})
