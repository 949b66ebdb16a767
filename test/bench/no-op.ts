import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * How much slower a run that has nothing to do is than a bare `node -e 0`, side by side, at several sizes of project.
 * Prints one JSON line a size: medians of the ratios and their spread.
 */
const ROUNDS = 15
const TOOL = join(process.cwd(), 'bin', 'pixelkiln.js')

interface Timed {
  readonly ms: number
  readonly ok: boolean
}

function time(args: readonly string[], cwd: string): Timed {
  const began = process.hrtime.bigint()
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'ignore' })
  return { ms: Number(process.hrtime.bigint() - began) / 1e6, ok: status === 0 }
}

/** Every image has the same words: one is bought from the emulator, the files of the others are copies. */
function manifestOf(images: number): string {
  const head =
    'version: 1\nout: out\ndefaults: { outputs: { formats: [webp, jpeg], widths: [16, 24, 32], effort: { webp: 0 } } }\nimages:\n'
  const ids = Array.from({ length: images }, (_, index) => `p/i${String(index).padStart(6, '0')}`)
  return `${head}${ids.map((id) => `  ${id}: { prompt: a lamp, alt: lamp }`).join('\n')}\n`
}

function projectOf(images: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-bench-'))
  for (const size of [1, images]) {
    writeFileSync(join(folder, 'pixelkiln.yaml'), manifestOf(size))
    if (!time([TOOL, 'build', '--emulator'], folder).ok) throw new Error('the project could not be built')
  }
  return folder
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function ratios(args: readonly string[], folder: string): object {
  time(args, folder)
  const found = Array.from({ length: ROUNDS }, () => {
    const bare = time(['-e', '0'], folder)
    const own = time(args, folder)
    if (!own.ok) throw new Error(`${args.join(' ')} did not end well`)
    return { ratio: own.ms / bare.ms, own: own.ms, bare: bare.ms }
  })
  const all = found.map(({ ratio }) => ratio)
  return {
    '÷ bare node': median(all).toFixed(2),
    'least to most': `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`,
    ms: Math.round(median(found.map(({ own }) => own))),
    'bare ms': Math.round(median(found.map(({ bare }) => bare))),
  }
}

for (const images of [100, 10_000]) {
  const folder = projectOf(images)
  const measured = ratios([TOOL, 'build', '--emulator'], folder)
  process.stdout.write(`${JSON.stringify({ images, files: images * 6, ...measured })}\n`)
  rmSync(folder, { recursive: true })
}
const here = process.cwd()
for (const flag of ['--version', '--help'])
  process.stdout.write(`${JSON.stringify({ command: flag, ...ratios([TOOL, flag], here) })}\n`)
