import { readdirSync, readFileSync } from 'node:fs'

/** Of each process that this one has started and that still runs: what it has used so far. Linux only; elsewhere none. */
export function childProcesses(): readonly { readonly cpuMs: number; readonly peakMb: number }[] {
  try {
    return readdirSync('/proc/self/task')
      .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '))
      .filter((pid) => pid !== '')
      .map((pid) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
        // Times stand there in hundredths of a second.
        return {
          cpuMs: (Number(fields[11]) + Number(fields[12])) * 10,
          peakMb: peakMbOf(pid),
        }
      })
  } catch {
    return []
  }
}

/**
 * JavaScript for the peak of whatever process runs it, in KB. Needs no module, so it can be handed to any.
 */
export const PEAK_KB = `(() => {
  try {
    return Number(/VmHWM:\\s+(\\d+)/.exec(process.getBuiltinModule('node:fs').readFileSync('/proc/self/status', 'utf8'))[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
})()`

/**
 * The most memory that this process has had in use. What `resourceUsage` tells is on Linux at least what the process that
 * started it had in use then.
 */
export function ownPeakMb(): number {
  try {
    return peakMbOf('self')
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}

function peakMbOf(pid: string): number {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(peak?.[1] ?? 0) / 1024
}
