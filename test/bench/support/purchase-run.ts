/**
 * Buys a project's pictures in a process of its own, started with `--expose-gc`, and prints what that took as JSON.
 * Arguments: folder, url, concurrency. Without a url nothing is bought, and only read and looked at what is there.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { build } from '../../../src/build.ts'
import { ownPeakMb } from './child-processes.ts'

/** What one run of purchases took. */
export interface PurchaseRun {
  readonly wallMs: number
  readonly cpuMs: number
  readonly maxRssMb: number
  /** What lives at the end of the run, after V8 has collected: its heap and the buffers outside of it. */
  readonly liveMb: number
  /** The longest that the event loop stood still while files were made, beyond the monitor's own step. */
  readonly stallMs: number
  /** The same, but for one moment in a thousand. */
  readonly mostStallMs: number
  /** Per image, from its original's landing to its files. */
  readonly landedToFilesMs: readonly number[]
}

const STEP_MS = 10
const [cwd = '', url = '', concurrency = '50'] = process.argv.slice(2)
const landed = new Map<string, number>()
const landedToFilesMs: number[] = []
let stallNs = 0
let liveBytes = Number.NaN
const began = performance.now()
const cpuBefore = process.cpuUsage()
const delays = monitorEventLoopDelay({ resolution: STEP_MS })
await build({
  cwd,
  buy: url !== '',
  budget: 1_000_000_000,
  concurrency: Number(concurrency),
  environment: { APIFRAME_BASE_URL: url, APIFRAME_API_KEY: `afk_${'0'.repeat(40)}` },
  onEvent: (event) => {
    // Loading modules and the first look are start-up; from the plan on, others wait for this loop.
    if (event.type === 'planned') delays.enable()
    if (event.type === 'bought') for (const image of event.images) landed.set(image, performance.now())
    if (event.type === 'encoded') {
      landedToFilesMs.push(performance.now() - (landed.get(event.image) ?? 0))
      // After the last one nobody waits for the loop: what is left is the lock and the state.
      stallNs = delays.max
    }
    if (event.type === 'finished') {
      delays.disable()
      globalThis.gc?.()
      // Once more: buffers are given back beside the work, and the next collection waits until they are.
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      liveBytes = heapUsed + external
    }
  },
})
const { user, system } = process.cpuUsage(cpuBefore)
const run: PurchaseRun = {
  wallMs: performance.now() - began,
  cpuMs: (user + system) / 1000,
  maxRssMb: ownPeakMb(),
  liveMb: liveBytes / 1e6,
  stallMs: stallNs / 1e6 - STEP_MS,
  mostStallMs: delays.percentile(99.9) / 1e6 - STEP_MS,
  landedToFilesMs,
}
process.stdout.write(`${JSON.stringify(run)}\n`)
