import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** False where `strace` is not installed; `.ci/run` installs it. */
export const HAS_STRACE: boolean = spawnSync('strace', ['--version']).status === 0

/** System calls by name that one run of Node made, all its threads together. Rejects when the run does not end well. */
export async function countCalls(args: readonly string[], cwd: string): Promise<ReadonlyMap<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-calls-'))
  const file = join(folder, 'calls')
  try {
    const traced = ['-f', '-c', '-o', file, process.execPath, ...args]
    const child = spawn('strace', traced, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
    const [status]: unknown[] = await once(child, 'exit')
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}`)
    const rows = [...readFileSync(file, 'utf8').matchAll(/^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$/gm)]
    return new Map(rows.map(([, calls, name]) => [name ?? '', Number(calls)]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** How often functions of the tool were called in one run of it: what grows with the square of a project shows here. */
export function countFunctionCalls(args: readonly string[], cwd: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-coverage-'))
  try {
    // Without CI: there a build that would change the lock is refused.
    const env = { ...process.env, CI: '', NODE_V8_COVERAGE: folder }
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
    const counts = readdirSync(folder).flatMap((name) => countsOf(readFileSync(join(folder, name), 'utf8')))
    return counts.reduce((sum, count) => sum + count, 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

/** V8 writes this file; its first range of a function counts the calls. */
function countsOf(text: string): readonly number[] {
  const { result } = JSON.parse(text) as Coverage
  return result
    .filter(({ url }) => url.includes('/dist/') && !url.includes('node_modules'))
    .flatMap(({ functions }) => functions.map(({ ranges }) => ranges[0]?.count ?? 0))
}
