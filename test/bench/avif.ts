import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rasterize } from '../../src/effects/draw.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { drawSketch } from '../../src/providers/sketch/draw-sketch.ts'
import { rowOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'

/** Where pictures to try lie; `apt-get download mate-backgrounds` has photographs. */
const PICTURES = process.env['BENCH_PICTURES']
const WIDTH = 768
const EFFORTS = [1, 2, 3, 4] as const
const QUALITIES = [46, 58, 70] as const
const SHIPPED = { effort: 3 }
/** The quality that ships, in that list. */
const DEFAULT_AT = 1

/**
 * Whether the AVIF defaults are the right ones: bytes at an equal Butteraugli score (3-norm, less is nearer to the
 * original), by effort, beside the CPU time they cost. Needs `butteraugli_main` (Debian: libjxl-devtools).
 */
export const avif: Bench = {
  name: 'AVIF defaults',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-avif-'))
    try {
      const curves = new Map<number, Curve[]>(EFFORTS.map((effort) => [effort, []]))
      const others = new Map<string, number[]>()
      for (const picture of await references()) {
        for (const effort of EFFORTS) curves.get(effort)?.push(await curveOf(picture, effort, folder))
        for (const [name, bytes] of await otherFormats(picture)) {
          const score = await scoreOf(picture, bytes, folder)
          others.set(name, [...(others.get(name) ?? []), score])
        }
      }
      return [...effortRows(curves), ...defaultRows(curves, others)]
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

interface Point {
  readonly bytes: number
  readonly cpuMs: number
  readonly score: number
}
type Curve = readonly Point[]

/** Photographs from a folder, and three sketches, as they are drawn for the emulator. */
async function references(): Promise<readonly Buffer[]> {
  const names =
    PICTURES === undefined ? [] : readdirSync(PICTURES).filter((name) => /\.(jpe?g|png)$/.test(name))
  const photographs = names.map((name) =>
    sharp(join(PICTURES ?? '', name))
      .resize(WIDTH)
      .removeAlpha()
      .png()
      .toBuffer(),
  )
  const prompts = [
    'A lighthouse by a calm sea at dusk',
    'A bowl of fruit on a kitchen table',
    'A street of houses in rain',
  ]
  const sketches = prompts.map(async (prompt) => {
    const svg = drawSketch({ prompt, caption: 'bench', width: 1536, height: 1024, take: 1, mark: 'EMULATOR' })
    return sharp(await rasterize(svg, 1536, 1024))
      .resize(WIDTH)
      .removeAlpha()
      .png()
      .toBuffer()
  })
  return Promise.all([...photographs, ...sketches])
}

async function curveOf(picture: Buffer, effort: number, folder: string): Promise<Curve> {
  const points: Point[] = []
  for (const quality of QUALITIES) {
    const before = process.cpuUsage()
    const bytes = await sharp(picture).avif({ quality, effort, chromaSubsampling: '4:4:4' }).toBuffer()
    const { user, system } = process.cpuUsage(before)
    const score = await scoreOf(picture, bytes, folder)
    points.push({ bytes: bytes.length, cpuMs: (user + system) / 1000, score })
  }
  return points
}

async function otherFormats(picture: Buffer): Promise<readonly [string, Buffer][]> {
  return [
    ['webp q80 effort 4', await sharp(picture).webp({ quality: 80, effort: 4 }).toBuffer()],
    ['jpeg q78 mozjpeg', await sharp(picture).jpeg({ quality: 78, mozjpeg: true }).toBuffer()],
  ]
}

async function scoreOf(picture: Buffer, bytes: Buffer, folder: string): Promise<number> {
  const [reference, made] = [join(folder, 'reference.png'), join(folder, 'made.png')]
  writeFileSync(reference, picture)
  writeFileSync(made, await sharp(bytes).png({ compressionLevel: 1 }).toBuffer())
  const { stdout, error } = spawnSync('butteraugli_main', [reference, made], { encoding: 'utf8' })
  if (error) throw new Error('butteraugli_main is not there; on Debian: apt-get install libjxl-devtools')
  return Number(/3-norm: ([\d.]+)/.exec(stdout)?.[1])
}

/** Bytes of a curve at a score, on straight lines between its points over the logarithm of the bytes. */
function bytesAt(curve: Curve, score: number): number {
  const sorted = [...curve].sort((a, b) => a.score - b.score)
  const upper = Math.max(
    1,
    sorted.findIndex((point) => point.score >= score),
  )
  const [a, b] = [sorted[upper - 1], sorted[upper]]
  if (!a || !b) return Number.NaN
  const share = (score - a.score) / (b.score - a.score)
  return Math.exp(Math.log(a.bytes) + share * (Math.log(b.bytes) - Math.log(a.bytes)))
}

function effortRows(curves: ReadonlyMap<number, readonly Curve[]>): readonly Row[] {
  const shipped = curves.get(SHIPPED.effort) ?? []
  const target = shipped.map((curve) => curve[DEFAULT_AT]?.score ?? Number.NaN)
  const cpuOf = (effort: number): number =>
    (curves.get(effort) ?? []).flat().reduce((sum, { cpuMs }) => sum + cpuMs, 0)
  return EFFORTS.map((effort) => {
    const own = curves.get(effort) ?? []
    const ratios = own.map(
      (curve, index) => bytesAt(curve, target[index] ?? 0) / (shipped[index]?.[1]?.bytes ?? 1),
    )
    const note = `CPU ${(cpuOf(effort) / cpuOf(SHIPPED.effort)).toFixed(2)} × effort ${SHIPPED.effort}`
    return rowOf(`effort ${effort}: bytes at equal score`, ratios, {
      unit: `× effort ${SHIPPED.effort}`,
      bound: null,
      note,
    })
  })
}

/** The defaults of the three formats should look alike. */
function defaultRows(
  curves: ReadonlyMap<number, readonly Curve[]>,
  others: ReadonlyMap<string, readonly number[]>,
): readonly Row[] {
  const rest = { unit: 'Butteraugli 3-norm', bound: null }
  const own = QUALITIES.map((quality, index) => {
    const scores = (curves.get(SHIPPED.effort) ?? []).map((curve) => curve[index]?.score ?? Number.NaN)
    return rowOf(`avif q${quality} effort ${SHIPPED.effort}`, scores, rest)
  })
  return [...own, ...[...others].map(([name, scores]) => rowOf(name, scores, rest))]
}
