import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printLock } from '../../src/core/print-lock.ts'
import { readLock } from '../../src/core/read-lock.ts'
import { lockImage, lockOf, recordWith } from '../support/locks.ts'

const SMALL = { formats: ['webp'], widths: [64] } as const
const LOCK = lockOf({
  a: lockImage('a', {
    bought: recordWith('a', SMALL),
    draft: { by: 'sketch', ...recordWith('a', SMALL) },
    others: [recordWith('a', SMALL)],
  }),
  b: lockImage('b', { bought: null, draft: { by: 'sketch', ...recordWith('b', SMALL) } }),
  images: lockImage('images', { bought: recordWith('images', SMALL) }),
})
const TEXT = printLock(LOCK)

function read(text: string): ReturnType<typeof readLock> {
  return readLock({ file: 'lock.json', text })
}

describe('a printed lock', () => {
  it('has a block for each image, whose id alone begins at the edge, and a blank line between', () => {
    expect(printLock(lockOf({ a: lockImage('a', { bought: recordWith('a', SMALL) }) }))).toBe(`{
 "lock": 1,
 "manifest": "../../pixelkiln.yaml",
 "url": "/images",
 "images": {

"a": {
 "alt": "Alt of a",
 "model": "apiframe/dall-e-3",
 "request": "11111111111111111111111111111111",
 "declared": "2222222222222222",
 "parts": ["000000","000000","000000","000000","000000","000000"],
 "aspect": "2:1",
 "original": ["3333333333333333333333333333333333333333333333333333333333333333","png",1792,896,1000],
 "recipes": {"webp":"1f2e3d4c5b6a.1"},
 "outputs": {
  "64.webp": ["00000000000000000000000000000000",64,32]
 }
}

 }
}
`)
    expect(TEXT.match(/^".*$/gm)).toEqual(['"a": {', '"b": {', '"images": {'])
  })

  it('reads back as it was', () => {
    expect(read(TEXT)).toEqual({ lock: LOCK })
    expect(read(TEXT.replaceAll('\n', '\r\n'))).toEqual({ lock: LOCK })
  })

  it.each(['a', 'images'])('with two blocks of %s is refused at the second', (id) => {
    const start = TEXT.indexOf(`\n"${id}": {`) + 1
    const block = TEXT.slice(start, TEXT.indexOf('\n}', start) + 2)
    const twice = TEXT.replace(block, () => `${block},\n\n${block}`)
    const place = { line: twice.slice(0, start + block.length + 3).split('\n').length, column: 1 }
    expect(read(twice)).toMatchObject({ problem: { code: 'lock/duplicate', place } })
  })

  it.each([
    ['"webp":"1f2e3d4c5b6a.1"', '"webp":1', 'recipe of "a" is not a text'],
    [',64,32]', ',-64,32]', 'bytes of "64.webp" of "a" is not a whole number'],
    ['"outputs": {', '"outputs": [], "x": {', 'outputs of "a" is not a map'],
    ['"alt": "Alt of a"', '"variants": {}', 'variants of "a" is not a list'],
    ['"manifest": "../../pixelkiln.yaml"', '"manifest": 1', '"manifest" is not a text'],
  ])('with %s changed to %s is refused with what is wrong', (right, wrong, says) => {
    expect(read(TEXT.replace(right, wrong))).toMatchObject({
      problem: { code: 'lock/unreadable', message: expect.stringContaining(says) as unknown },
    })
  })
})

/** With such line ends it is read as a whole. */
function readWhole(lock: string): ReturnType<typeof readLock> {
  return read(lock.replaceAll('\n', '\r\n'))
}

describe('a lock of many images, which is read a part at a time,', () => {
  const ids = Array.from({ length: 400 }, (_, index) => `shelf/lamp-${index}`)
  const many = lockOf(
    Object.fromEntries(ids.map((id) => [id, lockImage(id, { bought: recordWith(id, SMALL) })])),
  )
  const text = printLock(many)
  const lines = text.split('\n')

  it('reads back as it was', () => {
    expect(text.length).toBeGreaterThan(150_000)
    expect(read(text)).toEqual({ lock: many })
    expect(readWhole(text)).toEqual({ lock: many })
  })

  it('is read or refused as one that is read as a whole, whatever line is damaged, moved or there twice', () => {
    const line = fc.nat({ max: lines.length - 1 })
    const damage = fc.oneof(
      fc.tuple(
        line,
        fc.constantFrom('', '}', '"a": {', '<<<<<<< HEAD', '},', ' "x": {},', '"shelf/lamp-7": {'),
      ),
      fc.tuple(
        line,
        line.map((other) => lines[other] ?? ''),
      ),
    )
    fc.assert(
      fc.property(damage, fc.boolean(), ([at, put], insert) => {
        const damaged = lines.toSpliced(at, insert ? 0 : 1, put).join('\n')
        expect(read(damaged)).toEqual(readWhole(damaged))
      }),
      { numRuns: 60 },
    )
  })

  it('with a block twice, far apart, is refused at the second', () => {
    const block = text.slice(text.indexOf('\n"shelf/lamp-0": {'), text.indexOf('\n}', 200) + 3)
    const twice = text.replace('\n"shelf/lamp-99": {', () => `${block}\n\n"shelf/lamp-99": {`)
    expect(read(twice)).toMatchObject({ problem: { code: 'lock/duplicate' } })
    expect(read(twice)).toEqual(readWhole(twice))
  })
})
