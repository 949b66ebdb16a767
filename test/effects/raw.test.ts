import { expect, it } from 'vitest'
import { decodeRaw, resizeRaw } from '../../src/effects/raw.ts'
import type { Cut } from '../../src/effects/raw.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { gradientPng } from '../support/pictures.ts'

const SIZE = { width: 90, height: 60 }
const WHOLE: readonly Cut[] = [
  { kind: 'crop', rectangle: { left: 0, top: 0, ...SIZE } },
  { kind: 'pad', ground: { r: 0, g: 0, b: 0, alpha: 1 } },
]

it('a picture that has the size already takes no second copy of its pixels', async () => {
  const raw = await decodeRaw(await gradientPng(SIZE.width, SIZE.height))
  for (const cut of WHOLE) expect(await resizeRaw(raw, cut, SIZE)).toBe(raw)
})

it('a fourth channel in which nothing is clear is taken away at every size', async () => {
  const png = await sharp(await gradientPng(SIZE.width, SIZE.height))
    .ensureAlpha()
    .png()
    .toBuffer()
  const raw = await decodeRaw(png)
  expect([raw.channels, raw.alpha]).toEqual([4, false])
  for (const cut of WHOLE) expect((await resizeRaw(raw, cut, SIZE)).channels).toBe(3)
})

it('a part of the picture at the size of the whole is scaled', async () => {
  const raw = await decodeRaw(await gradientPng(SIZE.width, SIZE.height))
  const half: Cut = { kind: 'crop', rectangle: { left: 0, top: 0, width: 45, height: 30 } }
  const { pixels } = await resizeRaw(raw, half, SIZE)
  expect(pixels).not.toEqual(raw.pixels)
})
