import { rowOf } from './support/bench.ts'
import type { Bench } from './support/bench.ts'
import { TOOL, againstBareNode } from './support/timing.ts'

/** What a person waits for before the first word, against a bare `node -e 0`. */
export const startUp: Bench = {
  name: 'Start-up',
  run: async ({ quick }) =>
    ['--version', '--help'].map((flag) => {
      const ratios = againstBareNode([TOOL, flag], process.cwd(), { rounds: quick ? 7 : 21 })
      return rowOf(flag, ratios.wall, {
        unit: '× bare node',
        bound: 1.3,
        note: `CPU ${ratios.cpu.toFixed(2)} ×`,
      })
    }),
}
