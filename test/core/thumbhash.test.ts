import { describe, expect, it } from 'vitest'
import { thumbHash } from '../../src/core/thumbhash.ts'

describe('a ThumbHash', () => {
  // Made by the reference implementation (npm thumbhash 0.1.1) of the same pixels.
  it.each([
    ['opaque and wide', 40, 30, 'mAkKNZhwd3dwiHiHiHiHh3BwB/eI', (x, y) => [x * 6, y * 8, 64, 255]],
    ['clear and tall', 30, 40, 'XEqGHAo3sweLeIiHNwt7s08Id3eHiIh4Bw==', (x, y) => [x * 8, y * 6, 64, x * 8]],
    ['of one colour', 8, 8, 'VIoABwBrmT+HeHd6d5d3mHh/cvZopXAI', () => [10, 200, 30, 255]],
  ] as const satisfies readonly (readonly [string, number, number, string, Paint])[])(
    'is what the reference makes of a picture that is %s',
    (_name, width, height, hash, paint: Paint) => {
      const pixels = new Uint8Array(width * height * 4)
      for (let at = 0; at < width * height; at += 1) {
        pixels.set(paint(at % width, Math.floor(at / width)), at * 4)
      }
      expect(Buffer.from(thumbHash({ pixels, width, height })).toString('base64')).toBe(hash)
    },
  )
})

type Paint = (x: number, y: number) => readonly number[]
