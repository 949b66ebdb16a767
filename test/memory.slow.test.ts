import { execFileSync, spawn } from 'node:child_process'
import { beforeAll, expect, it } from 'vitest'
import { PEAK_KB } from './bench/support/child-processes.ts'
import { COMMAND, ROOT } from './crash/root.ts'
import { moneyRig } from './support/money-rig.ts'
import type { MoneyRig } from './support/money-rig.ts'
import { KEY, expectKeyless } from './support/planted-key.ts'

/** Has a process tell its peak as its last word. */
const TELL = `process.on("exit",()=>process.stderr.write('peak '+${PEAK_KB}))`
/** The processes live on the machine's clock, so the service does too. */
const REAL_TIME = { clock: undefined }
const MOST_MB = 64

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT })
}, 120_000)

/** Peak memory of a build in a process of its own, in MB, and how it ended. */
async function peakOf({ project }: MoneyRig): Promise<{ readonly mb: number; readonly exitCode: number }> {
  const child = spawn(process.execPath, [COMMAND, 'build', '--concurrency', '1'], {
    cwd: project.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      APIFRAME_BASE_URL: project.emulator.url,
      APIFRAME_API_KEY: KEY,
      PATH: process.env['PATH'],
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL)}`,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
  expectKeyless('what the build said', said)
  return { mb: Number(/peak (\d+)/.exec(said)?.[1]) / 1024, exitCode }
}

it('pictures that never end cost no more memory than three of the largest that is taken', async () => {
  const small = await peakOf(await moneyRig(undefined, REAL_TIME))
  const rig = await moneyRig(undefined, REAL_TIME)
  rig.project.emulator.control.addFault({ fault: 'picture-endless' })
  const endless = await peakOf(rig)
  expect([small.exitCode, endless.exitCode]).toEqual([0, 4])
  // What was taken of one picture is not always given back before the next one comes.
  expect(endless.mb - small.mb).toBeLessThan(3 * MOST_MB)
})
