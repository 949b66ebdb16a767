import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, rowOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'
import { photograph } from './support/photograph.ts'

/** All of them on one version of sharp: since 0.35 a quality number of AVIF means another picture. */
const PACKAGES = {
  dependencies: {
    '@11ty/eleventy-img': '7.0.0',
    'imagetools-core': '12.0.0',
    'sharp-cli': '6.1.0',
    astro: '7.3.5',
    sharp: '0.35.5',
  },
  overrides: { sharp: '$sharp' },
}
const NAMES = ['pixelkiln', 'eleventy-img', 'imagetools-core', 'sharp-cli', 'astro'] as const
/** Where a tool cannot be told the same settings; those that can make the same bytes. */
const NOTES: Readonly<Partial<Record<string, string>>> = {
  'imagetools-core': 'mozjpeg and ten bits set on the image it answers with',
  'sharp-cli': 'AVIF in 8 bits; a process per width and format',
}

/**
 * Other tools on the same originals, widths and formats, round by round. They are installed from the npm registry into a
 * temp folder, and all run on Node 22, which three of them need.
 */
export const rivals: Bench = {
  name: 'Other tools: 3 widths × avif, webp, jpeg, on Node 22 and sharp 0.35.5; wall time',
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-rivals-'))
    try {
      const originals = quick ? 2 : 8
      await prepare(folder, originals)
      const runs = new Map<string, Run[]>()
      const sizes = new Map<string, string>()
      for (let round = 0; round < (quick ? 1 : 3); round += 1) {
        for (const name of NAMES) {
          runs.set(name, [...(runs.get(name) ?? []), runOne(name, folder)])
          sizes.set(name, filesOf(join(folder, `out-${name}`)))
        }
      }
      return rowsOf(originals, runs, sizes)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function prepare(folder: string, originals: number): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', ...PACKAGES }))
  copyFileSync('test/bench/support/rival-run.mjs', join(folder, 'rival-run.mjs'))
  mkdirSync(join(folder, 'originals'))
  for (let seed = 1; seed <= originals; seed += 1)
    writeFileSync(join(folder, 'originals', `${seed}.png`), await photograph(seed))
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  const { status, stderr } = spawnSync('npm', ['install', ...flags], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the other tools could not be installed: ${stderr}`)
}

/** What one run took, in milliseconds; CPU time hardly minds what else the machine does. */
interface Run {
  readonly wall: number
  readonly cpu: number
}

function runOne(name: string, folder: string): Run {
  const out = join(folder, `out-${name}`)
  rmSync(out, { recursive: true, force: true })
  const args = ['-y', '-p', 'node@22', 'node', 'rival-run.mjs', name, join(folder, 'originals'), out]
  const env = { ...process.env, PIXELKILN_DIST: join(process.cwd(), 'dist') }
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${name} went wrong: ${stderr}`)
  const figure = (key: string): number => Number(new RegExp(`"${key}":([\\d.]+)`).exec(stdout)?.[1])
  return { wall: figure('wallMs'), cpu: figure('cpuMs') }
}

function filesOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))))
  const sizes = files.filter((file) => file.isFile()).map(({ size }) => size)
  return `${sizes.length} files, ${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(2)} MB`
}

function rowsOf(
  originals: number,
  runs: ReadonlyMap<string, readonly Run[]>,
  sizes: ReadonlyMap<string, string>,
): readonly Row[] {
  const own = runs.get('pixelkiln') ?? []
  return NAMES.map((name) => {
    const its = runs.get(name) ?? []
    const ratios = its.map(({ wall }, round) => wall / (own[round]?.wall ?? Number.NaN))
    const cpu = median(its.map((run, round) => run.cpu / (own[round]?.cpu ?? Number.NaN))).toFixed(2)
    const seconds = (median(its.map(({ wall }) => wall)) / 1000).toFixed(1)
    const note = [`${seconds} s`, `CPU ${cpu} ×`, sizes.get(name), NOTES[name]]
      .filter((part) => part !== undefined)
      .join('; ')
    const bound = name === 'pixelkiln' ? {} : { bound: 1, least: true as const }
    return rowOf(`${name}, ${originals} originals`, ratios, {
      unit: '× pixelkiln',
      bound: null,
      note,
      ...bound,
    })
  })
}
