import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Format } from '../../src/core/image.ts'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import { encodeRaw } from '../../src/effects/encode-raw.ts'
import { decodeRaw, fromRaw } from '../../src/effects/raw.ts'
import type { Raw } from '../../src/effects/raw.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { catalog } from '../../src/providers/catalog.ts'
import { rowOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'

/** Where large pictures lie, of the kinds that sites show; Debian's `*-backgrounds` packages have photographs. */
const PICTURES = process.env['BENCH_PICTURES']
/** Scaled down to this, so that traces of the encoder they came from are gone. */
const SIZE = { width: 768, height: 512 }
/** Quality below and above the default between which a curve is followed. */
const STEP = 10

/**
 * Whether the encoders' defaults are the right ones: what another setting takes in bytes at the default's own
 * Butteraugli score (3-norm, less is nearer to the original) and in CPU time, whether the defaults of the formats look
 * alike, and what others' defaults look like. Needs `butteraugli_main` (Debian: libjxl-devtools).
 */
export const avif: Bench = {
  name: `Encoder defaults, at ${SIZE.width}×${SIZE.height}`,
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-avif-'))
    try {
      const curves = new Map<Setting, Curve[]>()
      for (const picture of await pictures(quick ? 3 : 12))
        for (const setting of [...DEFAULTS, ...OTHERS, ...TOOLS])
          curves.set(setting, [...(curves.get(setting) ?? []), await curveOf(picture, setting, folder)])
      return [...otherRows(curves), ...scoreRows(curves)]
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** A way to encode, and the qualities to try it at; for an alternative to a default they lead to scores around its own. */
interface Setting {
  readonly name: string
  readonly format: Format
  readonly qualities: readonly number[]
  readonly encode: (raw: Raw, quality: number) => Promise<Uint8Array>
}

/** One encoded picture. */
interface Point {
  readonly bytes: number
  readonly cpuMs: number
  readonly score: number
}
type Curve = readonly Point[]

const TEXT = 'version: 1\nimages: { a: { prompt: x } }\n'
const RECIPE = readManifest({ file: 'bench.yaml', text: TEXT }, catalog).manifest?.images[0]?.recipe
if (!RECIPE) throw new Error('the smallest manifest has no image')
const { quality: QUALITY, effort: EFFORT } = RECIPE

const DEFAULTS: readonly Setting[] = (['avif', 'webp', 'jpeg'] as const).map((format) => ({
  name: `${format} q${QUALITY[format]}, the default`,
  format,
  qualities: around(QUALITY[format]),
  encode: async (raw, quality) =>
    (await encodeRaw(raw, format, { ...RECIPE, quality: { ...QUALITY, [format]: quality }, xmp: null }))
      .bytes,
}))

const AVIF = { effort: EFFORT.avif, chromaSubsampling: '4:4:4', bitdepth: 10 } as const
const WEBP = { effort: EFFORT.webp }
const JPEG = { mozjpeg: true }

const OTHERS: readonly Setting[] = [
  ...[EFFORT.avif - 1, EFFORT.avif + 1].map((effort) => avifWith(`effort ${effort}`, { effort })),
  avifWith('4:2:0', { chromaSubsampling: '4:2:0' }),
  avifWith('8 bits', { bitdepth: 8 }),
  avifWith('tune ssim', { tune: 'ssim' }),
  other('webp', 'effort 6', async (raw, quality) => fromRaw(raw).webp({ quality, effort: 6 }).toBuffer()),
  other('webp', 'sharp chroma', async (raw, quality) =>
    fromRaw(raw)
      .webp({ ...WEBP, quality, smartSubsample: true })
      .toBuffer(),
  ),
  other('jpeg', '4:4:4', async (raw, quality) =>
    fromRaw(raw)
      .jpeg({ ...JPEG, quality, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  ),
  other('jpeg', 'without mozjpeg', async (raw, quality) => fromRaw(raw).jpeg({ quality }).toBuffer()),
]

/** What other tools make when they are told nothing. */
const TOOLS: readonly Setting[] = [
  {
    name: 'avif q50 effort 4, as Astro and Eleventy',
    format: 'avif',
    qualities: [50],
    encode: async (raw, quality) => fromRaw(raw).avif({ quality }).toBuffer(),
  },
  {
    name: 'avif q55 effort 3, as Next.js',
    format: 'avif',
    qualities: [55],
    encode: async (raw, quality) => fromRaw(raw).avif({ quality, effort: 3 }).toBuffer(),
  },
  {
    name: 'webp q75, as Next.js',
    format: 'webp',
    qualities: [75],
    encode: async (raw, quality) => fromRaw(raw).webp({ quality }).toBuffer(),
  },
  {
    name: 'jpeg q80, as Astro and Eleventy',
    format: 'jpeg',
    qualities: [80],
    encode: async (raw, quality) => fromRaw(raw).jpeg({ quality }).toBuffer(),
  },
]

function avifWith(name: string, options: Parameters<ReturnType<typeof fromRaw>['avif']>[0]): Setting {
  return other('avif', name, async (raw, quality) =>
    fromRaw(raw)
      .avif({ ...AVIF, quality, ...options })
      .toBuffer(),
  )
}

function other(format: Format, name: string, encode: Setting['encode']): Setting {
  return { name: `${format} ${name}`, format, qualities: around(QUALITY[format]), encode }
}

function around(quality: number): readonly number[] {
  return [quality - STEP, quality, quality + STEP]
}

/** The middle of each picture of the folder, scaled down. */
async function pictures(most: number): Promise<readonly Raw[]> {
  const folder = PICTURES
  if (folder === undefined) throw new Error('BENCH_PICTURES names no folder of pictures')
  const names = readdirSync(folder).filter((name) => /\.(jpe?g|png|webp)$/.test(name))
  return Promise.all(
    names
      .toSorted()
      .slice(0, most)
      .map(async (name) => {
        const bytes = await sharp(join(folder, name)).resize(SIZE).removeAlpha().png().toBuffer()
        return decodeRaw(bytes)
      }),
  )
}

async function curveOf(picture: Raw, { encode, qualities }: Setting, folder: string): Promise<Curve> {
  const points: Point[] = []
  for (const quality of qualities) {
    const before = process.cpuUsage()
    const bytes = await encode(picture, quality)
    const { user, system } = process.cpuUsage(before)
    const score = scoreOf(picture, await decodeRaw(bytes), folder)
    points.push({ bytes: bytes.length, cpuMs: (user + system) / 1000, score })
  }
  return points
}

function scoreOf(reference: Raw, made: Raw, folder: string): number {
  const files = [reference, made].map(({ width, height, pixels }, index) => {
    const file = join(folder, `${index}.ppm`)
    writeFileSync(file, Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]))
    return file
  })
  const { stdout, error } = spawnSync('butteraugli_main', files, { encoding: 'utf8' })
  if (error) throw new Error('butteraugli_main is not there; on Debian: apt-get install libjxl-devtools')
  return Number(/3-norm: ([\d.]+)/.exec(stdout)?.[1])
}

/** Bytes of a curve at a score, on straight lines between its points over the logarithm of the bytes. */
function bytesAt(curve: Curve, score: number): number {
  const sorted = curve.toSorted((a, b) => a.score - b.score)
  const above = sorted.findIndex((point) => point.score >= score)
  const upper = above === -1 ? sorted.length - 1 : Math.max(1, above)
  const [a, b] = [sorted[upper - 1], sorted[upper]]
  if (!a || !b) return Number.NaN
  const share = (score - a.score) / (b.score - a.score)
  return a.bytes * (b.bytes / a.bytes) ** share
}

type Curves = ReadonlyMap<Setting, readonly Curve[]>

/** Every alternative beside the default of its format, and the other formats' defaults beside AVIF's. */
function otherRows(curves: Curves): readonly Row[] {
  const [first, ...rest] = DEFAULTS
  const pairs = OTHERS.map((one) => [one, DEFAULTS.find(({ format }) => format === one.format)] as const)
  return [...pairs, ...rest.map((one) => [one, first] as const)].map(([one, beside]) => {
    const [own, its] = [curves.get(one) ?? [], (beside && curves.get(beside)) ?? []]
    const ratios = own.map((curve, index) => {
      const middle = its[index]?.[1]
      return middle ? bytesAt(curve, middle.score) / middle.bytes : Number.NaN
    })
    const cpu = (cpuOf(own) / cpuOf(its)).toFixed(2)
    const rest = { unit: `× ${beside?.name.split(',')[0]}`, bound: null, note: `CPU ${cpu} ×` }
    return rowOf(`${one.name}: bytes at equal score`, ratios, rest)
  })
}

function cpuOf(curves: readonly Curve[]): number {
  return curves.flat().reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** What each default looks like, and how large its files are beside those of AVIF's default. */
function scoreRows(curves: Curves): readonly Row[] {
  const bytesOf = (setting: Setting | undefined): number =>
    ((setting && curves.get(setting)) ?? []).reduce((sum, curve) => sum + (middleOf(curve)?.bytes ?? 0), 0)
  return [...DEFAULTS, ...TOOLS].map((setting) => {
    const scores = (curves.get(setting) ?? []).map((curve) => middleOf(curve)?.score ?? Number.NaN)
    const note = `${(bytesOf(setting) / bytesOf(DEFAULTS[0])).toFixed(2)} × the bytes of our AVIF`
    return rowOf(setting.name, scores, { unit: 'Butteraugli', bound: null, note })
  })
}

/** The point of the quality itself: the middle one, or the only one. */
function middleOf(curve: Curve): Point | undefined {
  return curve[Math.floor(curve.length / 2)]
}
