import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sharp } from '../src/effects/sharp.ts'
import { storeOriginal } from './support/originals.ts'
import { decoded, discPng, gradient } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const GREEN = [128, 128, 64]
const UPRIGHT = '96x64'
const TURNED = '64x96'

/** What comes in, and what comes out: the fallback's format, the size, the colour in the middle. */
interface Odd {
  readonly name: string
  readonly make: () => Promise<Uint8Array>
  readonly aspect?: string
  readonly fallback?: 'jpeg' | 'png'
  readonly size?: string
  readonly colour?: readonly number[]
  readonly tolerance?: number
}

const TABLE: readonly Odd[] = [
  { name: 'png-16-bit', make: async () => gradient(96, 64).toColourspace('rgb16').png().toBuffer() },
  {
    name: 'png-16-bit-clear',
    make: async () => gradient(96, 64, { alpha: true }).toColourspace('rgb16').png().toBuffer(),
    fallback: 'png',
  },
  {
    name: 'png-grey',
    make: async () => gradient(96, 64).toColourspace('b-w').png().toBuffer(),
    colour: [121, 121, 121],
  },
  {
    name: 'png-palette-clear',
    make: async () => gradient(96, 64, { alpha: true }).png({ palette: true }).toBuffer(),
    fallback: 'png',
    tolerance: 30,
  },
  { name: 'png-opaque-alpha', make: async () => gradient(96, 64).ensureAlpha().png().toBuffer() },
  { name: 'png-interlaced', make: async () => gradient(96, 64).png({ progressive: true }).toBuffer() },
  { name: 'png-p3', make: async () => gradient(96, 64).withIccProfile('p3').png().toBuffer() },
  {
    name: 'jpeg-cmyk',
    make: async () => gradient(96, 64).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    tolerance: 20,
  },
  {
    name: 'jpeg-p3',
    make: async () => gradient(96, 64).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(),
  },
  { name: 'jpeg-progressive', make: async () => gradient(96, 64).jpeg({ progressive: true }).toBuffer() },
  ...[2, 3, 4, 5, 6, 7, 8].map((orientation): Odd => ({
    name: `jpeg-turned-${orientation}`,
    make: async () => gradient(96, 64).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(),
    ...(orientation >= 5 ? { aspect: '2:3', size: TURNED } : {}),
  })),
  {
    name: 'webp-clear',
    make: async () => gradient(96, 64, { alpha: true }).webp().toBuffer(),
    fallback: 'png',
  },
  { name: 'avif-10-bit', make: async () => gradient(96, 64).avif({ bitdepth: 10, effort: 0 }).toBuffer() },
  { name: 'gif-moving', make: async () => moving('gif'), colour: [255, 0, 0] },
  { name: 'webp-moving', make: async () => moving('webp'), colour: [255, 0, 0] },
  {
    name: 'png-one-pixel',
    make: async () => discPng({ width: 1, height: 1 }, { x: 0, y: 0, radius: 0 }),
    aspect: '1:1',
    size: '1x1',
    colour: [112, 112, 112],
  },
]

describe('an odd original', () => {
  it('of every kind comes out upright, in sRGB, with its transparency, whatever its format', async () => {
    const project = await testProject('')
    const images: Record<string, object> = {}
    for (const { name, make, aspect = '3:2' } of TABLE) {
      images[name] = { prompt: 'x', alt: name, aspect, pin: await storeOriginal(project, await make()) }
    }
    const outputs = { formats: ['avif', 'webp', 'jpeg'], widths: [96], effort: { avif: 0 } }
    project.write('pixelkiln.yaml', manifestOf(images, { defaults: { outputs } }))
    const run = await project.build({ buy: false })
    expect(run.codes).toEqual([])
    const animated = run.result.notes.filter(({ code }) => code === 'original/animated')
    expect(new Set(animated.map(({ image }) => image))).toEqual(new Set(['gif-moving', 'webp-moving']))
    for (const odd of TABLE) await expectFiles(project, odd)
    const again = await project.build({ buy: false })
    expect(again.finished).toMatchObject({ encoded: 0, fresh: TABLE.length })
  })
})

async function expectFiles(project: TestProject, odd: Odd): Promise<void> {
  const { name, fallback = 'jpeg', size = UPRIGHT, colour = GREEN, tolerance = 12 } = odd
  const [width] = size.split('x')
  const wanted = ['avif', fallback, 'webp'].map((format) => `${name}-${width}.${format}`)
  expect(project.files('images').filter((file) => file.replace(/-\d+\.\w+$/, '') === name)).toEqual(wanted)
  for (const file of wanted) {
    const bytes = readFileSync(project.path(`images/${file}`))
    const deep = file.endsWith('.avif') && fallback === 'jpeg'
    const {
      width: across,
      height,
      space,
      depth,
      hasProfile,
      hasAlpha,
      orientation,
    } = await sharp(bytes).metadata()
    expect({ file, size: `${across}x${height}`, space, depth, hasProfile, hasAlpha, orientation }).toEqual({
      file,
      size,
      // What sharp calls any sRGB of more than 8 bits.
      space: deep ? 'rgb16' : 'srgb',
      depth: deep ? 'ushort' : 'uchar',
      hasProfile: false,
      hasAlpha: fallback === 'png',
      orientation: undefined,
    })
    const picture = await decoded(bytes)
    const seen = picture.pixel(picture.width / 2, picture.height / 2)
    const off = Math.max(...colour.map((value, at) => Math.abs(value - (seen[at] ?? -999))))
    expect(off, `${file} has ${seen.join(' ')}`).toBeLessThanOrEqual(tolerance)
  }
}

async function moving(format: 'gif' | 'webp'): Promise<Uint8Array> {
  const frames = ['#ff0000', '#0000ff'].map(async (colour) =>
    discPng({ width: 96, height: 64 }, { x: 0, y: 0, radius: 0 }, { ground: colour, disc: colour }),
  )
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .toFormat(format)
    .toBuffer()
}
