import { describe, expect, it } from 'vitest'
import type { Format, Recipe } from '../../src/core/image.ts'
import { outputsOf, type OutputSpec } from '../../src/core/recipes.ts'
import { rasterize } from '../../src/effects/draw.ts'
import type { Drawing } from '../../src/effects/draw.ts'
import { EncodeError } from '../../src/effects/encode-error.ts'
import { encodeOutputs, type EncodeResult } from '../../src/effects/encode.ts'
import { inspectOriginal } from '../../src/effects/inspect.ts'
import { createSchedule, type Schedule } from '../../src/effects/schedule.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { decoded, discPng, gradient, gradientPng, truncated } from '../support/pictures.ts'
import { everywhere, recipeOf } from '../support/recipe.ts'

const ALL: readonly Format[] = ['avif', 'webp', 'jpeg', 'png']

describe('the outputs of an original', () => {
  it('have the format, size and colours asked for, in every format and width', async () => {
    const { files } = await encode(await gradientPng(300, 200), { widths: [60, 150, 300] })
    expect([...files.keys()].sort()).toEqual(
      ALL.flatMap((format) => [150, 300, 60].map((width) => `${format} ${width}`)).sort(),
    )
    for (const [name, bytes] of files) {
      const [format, width] = name.split(' ')
      expect((await inspectOriginal(bytes)).format).toBe(format)
      const picture = await decoded(bytes)
      expect([picture.width, picture.height]).toEqual([Number(width), (Number(width) * 2) / 3])
      expectColour(picture.pixel(picture.width / 2, picture.height / 2), [128, 128, 64])
      expectColour(picture.pixel(picture.width * 0.9, picture.height * 0.1), [230, 26, 64])
    }
  })

  it('are never larger than the original', async () => {
    const original = await gradientPng(90, 60)
    const { files } = await encode(original, { widths: [60, 480, 960], formats: ['webp'] })
    expect([...files.keys()].sort()).toEqual(['webp 60', 'webp 90'])
    const wanted = [{ format: 'webp', width: 120, height: 80 }] as const
    await expect(encode(original, {}, { outputs: wanted })).rejects.toThrow(EncodeError)
  })

  it('are the same bytes for the same original and recipe', async () => {
    const original = await gradientPng(200, 200, { noise: 30 })
    const recipe = { widths: [50, 100], aspect: { width: 2, height: 1 } }
    const first = await encode(original, recipe)
    const second = await encode(original, recipe)
    expect(second.files).toEqual(first.files)
    expect(second.result).toEqual(first.result)
  })

  it('are the same bytes when only some of them are made, with the focus found before', async () => {
    const original = await discPng({ width: 300, height: 200 }, { x: 240, y: 70, radius: 20 })
    const recipe = { widths: [50, 100], aspect: { width: 1, height: 1 }, formats: ['webp', 'jpeg'] } as const
    const all = await encode(original, recipe)
    const { focus } = all.result
    const one = await encode(original, recipe, {
      focus,
      outputs: [{ format: 'webp', width: 50, height: 50 }],
    })
    expect([...one.files]).toEqual([['webp 50', all.files.get('webp 50')]])
    expect(one.result).toEqual(all.result)
  })

  it('are smaller at a lower quality', async () => {
    const original = await gradientPng(200, 200, { noise: 40 })
    for (const format of ['avif', 'webp', 'jpeg'] as const) {
      const low = await encode(original, { formats: [format], widths: [200], quality: everywhere(30) })
      const high = await encode(original, { formats: [format], widths: [200], quality: everywhere(85) })
      expect(bytesOf(low, `${format} 200`).length).toBeLessThan(bytesOf(high, `${format} 200`).length * 0.8)
    }
  })

  it('are the same bytes for a drawing as for its PNG', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><circle cx="1" cy="1" r="1" fill="tan"/></svg>'
    const recipe = { widths: [60, 90], formats: ['webp', 'jpeg'] } as const
    const drawn = await encode({ svg, width: 90, height: 60 }, recipe)
    expect(drawn.files.size).toBe(4)
    expect(drawn).toEqual(await encode(await rasterize(svg, 90, 60), recipe))
  })

  it('keep every pixel in a PNG', async () => {
    const original = await gradientPng(64, 48, { noise: 60 })
    const { files } = await encode(original, {
      formats: ['png'],
      widths: [64],
      aspect: { width: 4, height: 3 },
    })
    expect(await sharp(bytesOf({ files }, 'png 64')).raw().toBuffer()).toEqual(
      await sharp(original).raw().toBuffer(),
    )
  })

  it('keep full colour resolution in JPEGs of text and illustrations only', async () => {
    const original = await gradientPng(60, 40)
    for (const [content, subsampling] of [
      ['photo', '4:2:0'],
      ['text', '4:4:4'],
      ['illustration', '4:4:4'],
    ] as const) {
      const made = await encode(original, { content, formats: ['jpeg'], widths: [60] })
      const metadata = await sharp(bytesOf(made, 'jpeg 60')).metadata()
      expect(metadata.chromaSubsampling).toBe(subsampling)
    }
  })

  it.each([
    ['ten', false],
    ['eight, where something is transparent,', true],
  ])('are %s bits deep as AVIF', async (_name, alpha) => {
    const made = await encode(await gradientPng(60, 40, { alpha }), { formats: ['avif'], widths: [60] })
    const metadata = await sharp(bytesOf(made, 'avif 60')).metadata()
    expect(metadata).toMatchObject({ bitsPerSample: alpha ? 8 : 10, hasAlpha: alpha })
  })
})

describe('transparency', () => {
  it('is kept, with a PNG in place of the JPEG', async () => {
    const { files } = await encode(await gradientPng(120, 80, { alpha: true }), { widths: [60] })
    for (const format of ['avif', 'webp', 'png']) {
      const picture = await decoded(bytesOf({ files }, `${format} 60`))
      expect(picture.channels).toBe(4)
      expect(picture.pixel(2, 20)[3]).toBeLessThan(30)
      expect(picture.pixel(57, 20)[3]).toBeGreaterThan(225)
    }
    expect(files.has('jpeg 60')).toBe(false)
  })

  it('is dropped when every pixel is opaque', async () => {
    const original = await gradient(60, 40).ensureAlpha().png().toBuffer()
    const { files } = await encode(original, { widths: [60] })
    for (const bytes of files.values()) expect((await sharp(bytes).metadata()).hasAlpha).toBe(false)
  })
})

describe('an odd original', () => {
  it.each([
    ['16 bits', async () => gradient(120, 80).toColourspace('rgb16').png().toBuffer()],
    ['CMYK', async () => gradient(120, 80).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()],
    ['WebP', async () => gradient(120, 80).webp({ quality: 95 }).toBuffer()],
    ['AVIF', async () => gradient(120, 80).avif({ quality: 90, effort: 0 }).toBuffer()],
  ])('becomes 8-bit sRGB of the same colours: %s', async (_name, make) => {
    const { files } = await encode(await make(), { widths: [60], formats: ['webp', 'jpeg', 'png'] })
    for (const bytes of files.values()) {
      const metadata = await sharp(bytes).metadata()
      expect(metadata).toMatchObject({ space: 'srgb', depth: 'uchar', hasProfile: false })
      // Ink has a smaller gamut than light, so a way through CMYK moves colours a little.
      expectColour((await decoded(bytes)).pixel(30, 20), [128, 128, 64], 20)
    }
  })

  it('of a wide gamut becomes sRGB: the same colour in other numbers', async () => {
    const original = await gradient(120, 80).withIccProfile('p3').png().toBuffer()
    expect((await sharp(original).metadata()).hasProfile).toBe(true)
    const { files } = await encode(original, { widths: [120], formats: ['png'] })
    const bytes = bytesOf({ files }, 'png 120')
    expect((await sharp(bytes).metadata()).hasProfile).toBe(false)
    // As the numbers of P3 this red would be about 215, 50, 70.
    expectColour((await decoded(bytes)).pixel(114, 4), [242, 13, 64], 8)
  })

  it('of grey becomes sRGB', async () => {
    const original = await gradient(120, 80).toColourspace('b-w').png().toBuffer()
    expect((await sharp(original).metadata()).channels).toBe(1)
    const { files } = await encode(original, { widths: [60], formats: ['png'] })
    const [r, g, b] = (await decoded(bytesOf({ files }, 'png 60'))).pixel(30, 20)
    expect(new Set([r, g, b]).size).toBe(1)
  })

  it('that EXIF turns comes out upright', async () => {
    const original = await gradient(120, 80).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer()
    const { files } = await encode(original, {
      widths: [80],
      aspect: { width: 2, height: 3 },
      formats: ['webp'],
    })
    const picture = await decoded(bytesOf({ files }, 'webp 80'))
    expect([picture.width, picture.height]).toEqual([80, 120])
    // Orientation 6: what was the left edge (no red) is now the top, what was the top (no green) the right.
    expectColour(picture.pixel(72, 6), [13, 26, 64], 20)
    expectColour(picture.pixel(72, 114), [242, 26, 64], 20)
    expect((await sharp(bytesOf({ files }, 'webp 80')).metadata()).orientation).toBeUndefined()
  })

  it.each(['gif', 'webp'] as const)('that moves gives its first frame: %s', async (format) => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map(async (colour) =>
        discPng({ width: 60, height: 40 }, { x: 0, y: 0, radius: 1 }, { ground: colour, disc: colour }),
      ),
    )
    const original = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer()
    expect((await sharp(original).metadata()).pages).toBe(2)
    const { files } = await encode(original, { widths: [60] })
    for (const bytes of files.values()) {
      const picture = await decoded(bytes)
      expect([picture.width, picture.height]).toEqual([60, 40])
      expectColour(picture.pixel(30, 20), [255, 0, 0], 12)
    }
  })

  it('that is damaged is an error that names it', async () => {
    const original = truncated(await gradientPng(120, 80), 0.5)
    const error = await encode(original, {}, { outputs: [{ format: 'webp', width: 60, height: 40 }] }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(EncodeError)
  })
})

describe('the cut', () => {
  const wide = { width: 600, height: 200 }

  it.each([
    ['attention', 500, 90],
    ['attention', 90, 110],
    ['entropy', 480, 90],
  ] as const)('finds the subject by %s at %i, %i, and is the same at every width', async (focus, x, y) => {
    const original = await discPng(wide, { x, y, radius: 40 })
    const { files, result } = await encode(original, {
      focus,
      aspect: { width: 1, height: 1 },
      widths: [50, 100, 200],
      formats: ['png'],
    })
    expect(result.kept).toBeCloseTo(1 / 3, 5)
    const centres: number[] = []
    for (const bytes of files.values()) {
      const picture = await decoded(bytes)
      const columns = Array.from({ length: picture.width }, (_, column) => column)
      const row = Math.floor((y / 200) * picture.height)
      const red = columns.filter((column) => (picture.pixel(column, row)[0] ?? 0) > 200)
      expect(red.length / picture.width).toBeCloseTo(80 / 200, 1)
      centres.push(((red[0] ?? 0) + (red.at(-1) ?? 0) + 1) / 2 / picture.width)
    }
    expect(Math.max(...centres) - Math.min(...centres)).toBeLessThan(0.03)
  })

  it('has the point given in its middle, or as near as the edge allows', async () => {
    const original = await gradientPng(600, 200, { noise: 0 })
    const cut = async (focus: Recipe['focus']): Promise<readonly [number, number | undefined]> => {
      const made = await encode(original, {
        focus,
        aspect: { width: 1, height: 1 },
        widths: [200],
        formats: ['png'],
      })
      return [made.result.focus[0], (await decoded(bytesOf(made, 'png 200'))).pixel(100, 100)[0]]
    }
    expect(await cut([0.4, 0.5])).toEqual([0.4, redAt(240)])
    expect(await cut([0, 0])).toEqual([0, redAt(100)])
    expect(await cut([1, 1])).toEqual([1, redAt(500)])
    expect(await cut('center')).toEqual([0.5, redAt(300)])
  })

  it('takes the point found before instead of looking again, unless the recipe names one', async () => {
    const original = await discPng(wide, { x: 500, y: 100, radius: 40 })
    const shape = { aspect: { width: 1, height: 1 }, widths: [200], formats: ['png'] } as const
    const found = await encode(original, shape, { focus: [0.1, 0.5] })
    expect(found.result.focus).toEqual([0.1, 0.5])
    expect(
      (await encode(original, { ...shape, focus: 'center' }, { focus: [0.1, 0.5] })).result.focus,
    ).toEqual([0.5, 0.5])
  })

  it('of a picture that has the shape is the whole picture', async () => {
    const { result } = await encode(await gradientPng(300, 200), { widths: [60], formats: ['webp'] })
    expect(result).toMatchObject({ focus: [0.5, 0.5], kept: 1 })
  })

  it('cuts off nothing with contain: the ground is the colour of the edge', async () => {
    const original = await discPng(
      { width: 100, height: 100 },
      { x: 50, y: 50, radius: 30 },
      { ground: '#204060', disc: '#ffffff' },
    )
    const recipe = { fit: 'contain', aspect: { width: 2, height: 1 }, widths: [100, 200] } as const
    const { files, result } = await encode(original, recipe)
    expect(result.kept).toBe(1)
    for (const bytes of files.values()) {
      const picture = await decoded(bytes)
      expect(picture.width).toBe(picture.height * 2)
      expectColour(picture.pixel(2, picture.height / 2), [0x20, 0x40, 0x60], 6)
      expectColour(picture.pixel(picture.width - 3, 2), [0x20, 0x40, 0x60], 6)
      expectColour(picture.pixel(picture.width / 2, picture.height / 2), [255, 255, 255], 6)
    }
  })

  it('leaves the ground of a transparent picture clear with contain', async () => {
    const original = await gradientPng(100, 100, { alpha: true })
    const { files } = await encode(original, {
      fit: 'contain',
      aspect: { width: 2, height: 1 },
      widths: [200],
    })
    for (const format of ['avif', 'webp', 'png']) {
      expect((await decoded(bytesOf({ files }, `${format} 200`))).pixel(2, 50)[3]).toBeLessThan(4)
    }
  })
})

describe('a job under way', () => {
  it('runs every step in the schedule, the costliest output first', async () => {
    const order: string[] = []
    const schedule = createSchedule(1)
    const original = await gradientPng(300, 200)
    await encodeOutputs({
      original,
      recipe: recipeOf({ widths: [60, 150, 300], formats: ['jpeg', 'webp', 'avif'] }),
      outputs: outputsOf(recipeOf({ widths: [60, 150, 300], formats: ['jpeg', 'webp', 'avif'] }), {
        width: 300,
        height: 200,
        alpha: false,
      }),
      schedule,
      onOutput: async ({ format, width }) => void order.push(`${format} ${width}`),
      onTooLarge: () => undefined,
      xmp: null,
    })
    expect(order[0]).toBe('avif 300')
    expect(order.indexOf('avif 150')).toBeLessThan(order.indexOf('webp 60'))
    expect(order.at(-1)).toBe('jpeg 60')
  })

  it('has one task to decode, one for the placeholder, one for each width and one for each output', async () => {
    let tasks = 0
    const counting: Schedule = async (image) =>
      image(async (_size, task) => {
        tasks += 1
        return task()
      })
    await encode(await gradientPng(300, 200), { widths: [60, 150, 300] }, { schedule: counting })
    expect(tasks).toBe(1 + 1 + 3 + 12)
  })

  it('ends with the first failure, begins nothing after it, and waits for what had begun', async () => {
    let running = 0
    const made: string[] = []
    const job = encode(
      await gradientPng(300, 200),
      { widths: [60, 150, 300] },
      {
        schedule: createSchedule(2),
        onOutput: async (name) => {
          made.push(name)
          if (made.length === 2) throw new TypeError('the disk is full')
          running += 1
          await new Promise((resolve) => setImmediate(resolve))
          running -= 1
        },
      },
    )
    await expect(job).rejects.toThrow(new TypeError('the disk is full'))
    expect(running).toBe(0)
    expect(made.length).toBeLessThan(6)
    const before = made.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(made.length).toBe(before)
  })

  it('begins nothing after it is told to stop', async () => {
    const stop = new AbortController()
    let made = 0
    const job = encode(
      await gradientPng(300, 200),
      { widths: [60, 150, 300] },
      {
        schedule: createSchedule(1),
        signal: stop.signal,
        onOutput: async () => {
          made += 1
          stop.abort(new Error('interrupted'))
        },
      },
    )
    await expect(job).rejects.toThrow('interrupted')
    expect(made).toBeLessThan(4)
  })

  it('names the output that an encoder refuses', async () => {
    const original = await sharp({ create: { width: 17_000, height: 2, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const outputs = [{ format: 'webp', width: 17_000, height: 2 }] as const
    const recipe = { aspect: { width: 8500, height: 1 } }
    await expect(encode(original, recipe, { outputs })).rejects.toThrow(/^webp 17000x2: /)
  })
})

interface Made {
  readonly tooLarge: readonly string[]
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly result: EncodeResult
}

async function encode(
  original: Uint8Array | Drawing,
  changes: Partial<Recipe> = {},
  more: {
    readonly outputs?: readonly OutputSpec[]
    readonly focus?: readonly [number, number]
    readonly schedule?: Schedule
    readonly signal?: AbortSignal
    readonly onOutput?: (name: string) => Promise<void>
  } = {},
): Promise<Made> {
  const { onOutput, ...rest } = more
  const recipe = recipeOf(changes)
  const files = new Map<string, Uint8Array>()
  const tooLarge: string[] = []
  const result = await encodeOutputs({
    original,
    recipe,
    outputs:
      more.outputs ??
      outputsOf(recipe, 'svg' in original ? { ...original, alpha: false } : await inspectOriginal(original)),
    xmp: null,
    schedule: createSchedule(3),
    onTooLarge: ({ format, width }) => void tooLarge.push(`${format} ${width}`),
    ...rest,
    onOutput: async ({ format, width, bytes }) => {
      await onOutput?.(`${format} ${width}`)
      files.set(`${format} ${width}`, bytes)
    },
  })
  return { files, result, tooLarge }
}

function bytesOf(made: Pick<Made, 'files'>, name: string): Uint8Array {
  const bytes = made.files.get(name)
  if (!bytes) throw new Error(`${name} was not made`)
  return bytes
}

function redAt(x: number): number {
  return Math.round((x / 600) * 255)
}

function expectColour(seen: readonly number[], wanted: readonly number[], tolerance = 10): void {
  const off = wanted.map((value, at) => Math.abs(value - (seen[at] ?? -999)))
  expect(Math.max(...off), `${seen.join(' ')} for ${wanted.join(' ')}`).toBeLessThanOrEqual(tolerance)
}
