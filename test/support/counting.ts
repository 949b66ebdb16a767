import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** False where `strace` is not installed; `.ci/run` installs it. */
export const HAS_STRACE: boolean = spawnSync('strace', ['--version']).status === 0

/** System calls by name that one run of Node made, all its threads together. Rejects when the run does not end well. */
export async function countCalls(args: readonly string[], cwd: string): Promise<ReadonlyMap<string, number>> {
  const text = await traced(['-c'], args, cwd)
  const rows = [...text.matchAll(/^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$/gm)]
  return new Map(rows.map(([, calls, name]) => [name ?? '', Number(calls)]))
}

/** Bytes that one run of Node and its children wrote into each folder below this one, whatever the files are called by now. */
export async function countBytesWritten(
  args: readonly string[],
  cwd: string,
): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>()
  const text = await traced(['-y', '-s', '0', '-e', 'trace=write,writev,pwrite64,pwritev'], args, cwd)
  // `pwrite64(21</project/images/.a.tmp>, ""..., 4096, 0) = 4096`; of a call that another thread cuts in two the end has no path.
  const unfinished = new Map<string, string>()
  for (const line of text.split('\n')) {
    const thread = line.split(' ', 1)[0] ?? ''
    const path = /^\d+ +\w+\(\d+<(\/[^>]+)>/.exec(line)?.[1] ?? unfinished.get(thread)
    const written = / = (\d+)$/.exec(line)?.[1]
    if (path === undefined) continue
    if (written === undefined) unfinished.set(thread, path)
    else {
      unfinished.delete(thread)
      const folder = relative(cwd, dirname(path))
      if (!folder.startsWith('..')) bytes.set(folder, (bytes.get(folder) ?? 0) + Number(written))
    }
  }
  return bytes
}

async function traced(how: readonly string[], args: readonly string[], cwd: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-calls-'))
  const file = join(folder, 'calls')
  try {
    const command = ['-f', ...how, '-o', file, process.execPath, ...args]
    // Without CI: there a build that would change the lock is refused.
    const env = { ...process.env, CI: '' }
    const child = spawn('strace', command, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] })
    const [status]: unknown[] = await once(child, 'exit')
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}`)
    return readFileSync(file, 'utf8')
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
