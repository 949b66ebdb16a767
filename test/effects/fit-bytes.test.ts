import { describe, expect, it } from 'vitest'
import { fitBytes, MOST_ENCODES } from '../../src/effects/fit-bytes.ts'
import type { Fitted } from '../../src/effects/fit-bytes.ts'

/** Sizes as an encoder makes them: near log-linear in quality, with a bend and a little unevenness. */
async function search(
  terms: { readonly maxBytes: number; readonly steep?: number; readonly bend?: number },
  qualities: number[] = [],
): Promise<Fitted> {
  const { maxBytes, steep = 0.03, bend = 0 } = terms
  const encode = async (quality: number): Promise<{ quality: number; bytes: Uint8Array }> => {
    qualities.push(quality)
    const size = 50_000 * Math.exp(steep * (quality - 60) + bend * (quality - 60) ** 2)
    return { quality, bytes: new Uint8Array(Math.round(size * (1 + 0.01 * Math.sin(quality * 7)))) }
  }
  return fitBytes(encode, { start: 60, floor: 30, maxBytes, slope: 0.03 })
}

describe('the search for the quality that fits', () => {
  it('encodes once where the recipe’s own quality fits', async () => {
    const { fits, encodes } = await search({ maxBytes: 60_000 })
    expect([fits?.quality, encodes]).toEqual([60, 1])
  })

  it.each([
    [45_000, 0.03, 0],
    [30_000, 0.03, 0],
    [30_000, 0.015, -0.0002],
    [22_000, 0.06, 0.0004],
    [40_000, 0.005, -0.0005],
    [49_999, 0.012, 0],
  ])(
    'lands within %i bytes at a slope of %f, near the best, in six encodes',
    async (maxBytes, steep, bend) => {
      const qualities: number[] = []
      const { fits, encodes } = await search({ maxBytes, steep, bend }, qualities)
      expect(fits?.bytes.length).toBeLessThanOrEqual(maxBytes)
      expect(encodes).toBeLessThanOrEqual(MOST_ENCODES)
      expect(new Set(qualities).size).toBe(encodes)
      const best = await bestOf({ maxBytes, steep, bend })
      expect(best - (fits?.quality ?? 0)).toBeLessThanOrEqual(2)
    },
  )

  it('tries the floor before it gives up, and says how small it got', async () => {
    const qualities: number[] = []
    const { fits, smallest, encodes } = await search({ maxBytes: 5_000, steep: 0.01 }, qualities)
    expect(fits).toBeNull()
    expect(smallest.quality).toBe(30)
    expect(smallest.bytes.length).toBeGreaterThan(5_000)
    expect(encodes).toBeLessThanOrEqual(MOST_ENCODES)
    expect(Math.min(...qualities)).toBe(30)
  })

  it('is the same every time', async () => {
    const first: number[] = []
    const second: number[] = []
    await search({ maxBytes: 31_000 }, first)
    await search({ maxBytes: 31_000 }, second)
    expect(second).toEqual(first)
  })
})

/** By looking at every quality. */
async function bestOf(terms: { maxBytes: number; steep: number; bend: number }): Promise<number> {
  for (let quality = 60; quality >= 30; quality -= 1) {
    const size = 50_000 * Math.exp(terms.steep * (quality - 60) + terms.bend * (quality - 60) ** 2)
    if (Math.round(size * (1 + 0.01 * Math.sin(quality * 7))) <= terms.maxBytes) return quality
  }
  throw new Error('none fits')
}
