import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The command line of this checkout. */
export const TOOL: string = join(process.cwd(), 'bin', 'pixelkiln.js')

/** What one command took. */
export interface Timed {
  readonly wallMs: number
  /** User and system time; on Linux in steps of 10 ms, elsewhere not known (NaN). */
  readonly cpuMs: number
}

/** Runs Node once, to its end. Throws when the exit code is another than expected. */
export function timeNode(args: readonly string[], cwd: string, exitCode = 0): Timed {
  const cpuBefore = endedChildrenCpuMs()
  const began = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  const wallMs = Number(process.hrtime.bigint() - began) / 1e6
  if (status !== exitCode) throw new Error(`node ${args.join(' ')} ended with ${status}: ${String(stderr)}`)
  return { wallMs, cpuMs: endedChildrenCpuMs() - cpuBefore }
}

/** Ratios of a command to a bare `node -e 0`, round by round, side by side so that a busy machine slows both. */
export interface Ratios {
  readonly wall: readonly number[]
  /** Of the CPU time of all rounds: busy neighbours hardly change it. */
  readonly cpu: number
  readonly ownMs: readonly number[]
}

/** Measures Node with these arguments against bare Node. `before` prepares each round and is not measured. */
export function againstBareNode(
  args: readonly string[],
  cwd: string,
  given: { readonly rounds: number; readonly before?: () => void },
): Ratios {
  given.before?.()
  timeNode(args, cwd)
  const rounds = Array.from({ length: given.rounds }, () => {
    given.before?.()
    const bare = timeNode(['-e', '0'], cwd)
    return { bare, own: timeNode(args, cwd) }
  })
  const sum = (pick: (round: (typeof rounds)[number]) => number): number =>
    rounds.reduce((total, round) => total + pick(round), 0)
  return {
    wall: rounds.map(({ own, bare }) => own.wallMs / bare.wallMs),
    cpu: sum(({ own }) => own.cpuMs) / sum(({ bare }) => bare.cpuMs),
    ownMs: rounds.map(({ own }) => own.wallMs),
  }
}

/** CPU time of all processes this one has waited for. Fields 16 and 17 of `/proc/self/stat`, in hundredths of a second. */
export function endedChildrenCpuMs(): number {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8')
    // The name in parentheses may hold blanks.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[13]) + Number(fields[14])) * 10
  } catch {
    return Number.NaN
  }
}
