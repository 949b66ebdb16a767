import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LockImage } from '../../src/core/lock.ts'
import { printLock } from '../../src/core/print-lock.ts'
import { readLock } from '../../src/core/read-lock.ts'
import { KINDS_OF_IMAGES, lockImage, lockOf, recordWith } from '../support/locks.ts'

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

/** Reads a lock and every image of it. */
function read(text: string): ReturnType<typeof readLock> {
  const result = readLock({ file: 'lock.json', text })
  return 'lock' in result ? { lock: { ...result.lock, images: new Map(result.lock.images) } } : result
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

/** What numbers, texts, names and paths are made of, and what JSON is made of. */
const PIECES = [
  ...String.raw` " \ \u0041 \" , : 0 00 - .5 e3 9999999999999999 null true { } [ ] {} [] / ../ /../ c: webp gif é =`.split(
    ' ',
  ),
  ' ',
  '\t',
  '\0',
]

/** With such line ends it is read as a whole. */
function readWhole(lock: string): ReturnType<typeof readLock> {
  return read(lock.replaceAll('\n', '\r\n'))
}

describe('a lock with images of all kinds, which is read a block at a time,', () => {
  const many = lockOf(KINDS_OF_IMAGES)
  const text = printLock(many)
  const lines = text.split('\n')
  const line = fc.nat({ max: lines.length - 1 })

  it('reads back as it was', () => {
    expect(read(text)).toStrictEqual({ lock: many })
    expect(readWhole(text)).toStrictEqual({ lock: many })
  })

  it('answers for one image as for all of them, whichever is asked for first', () => {
    for (const first of many.images.keys()) {
      const result = readLock({ file: 'lock.json', text })
      const images = 'lock' in result ? result.lock.images : new Map<string, LockImage>()
      const image = images.get(first)
      expect(image).toStrictEqual(many.images.get(first))
      expect(images.get(first)).toBe(image)
      expect([images.size, images.has(first), images.has('none'), images.get('none')]).toEqual([
        many.images.size,
        true,
        false,
        undefined,
      ])
      const told: unknown[] = []
      images.forEach((value, id) => told.push([id, value]))
      expect(told).toStrictEqual([...many.images].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      expect([[...images.keys()], [...images.values()]]).toStrictEqual([
        [...new Map(images).keys()],
        [...new Map(images).values()],
      ])
      expect(inspect(images)).toBe(inspect(new Map(images)))
    }
  })

  it('is read or refused as one that is read as a whole, whatever line is damaged, moved or there twice', () => {
    const put = fc.oneof(
      fc.constantFrom(
        '',
        '}',
        '"a": {',
        '<<<<<<< HEAD',
        '},',
        ' "x": {},',
        '"plain": {',
        '"plain": {},',
        ' }',
      ),
      line.map((other) => lines[other] ?? ''),
    )
    fc.assert(
      fc.property(line, put, fc.boolean(), (at, other, insert) => {
        const damaged = lines.toSpliced(at, insert ? 0 : 1, other).join('\n')
        expect(read(damaged)).toStrictEqual(readWhole(damaged))
      }),
      { numRuns: 300 },
    )
  })

  it('is read or refused as one that is read as a whole, whatever piece of a line is another', () => {
    const piece = fc.constantFrom(...PIECES)
    const place = line.chain((at) =>
      fc.tuple(fc.constant(at), fc.nat({ max: (lines[at] ?? '').length }), fc.constantFrom(0, 1, 2, 4)),
    )
    fc.assert(
      fc.property(place, piece, ([at, from, length], other) => {
        const right = lines[at] ?? ''
        const changed = right.slice(0, from) + other + right.slice(from + length)
        const damaged = lines.with(at, changed).join('\n')
        expect(read(damaged)).toStrictEqual(readWhole(damaged))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['"png",1792', '"png",01792'],
    ['"png",1792', `"png",${'9'.repeat(16)}`],
    ['",480,240]', '",0480,240]'],
    ['",480,240]', '",480,-0]'],
    ['",480,240]', '",480,2e2]'],
    ['"pick": 3', '"pick": 03'],
    ['[0.25,1]', '[00.25,1]'],
    ['"#aa7f00"', '"#AA7F00"'],
    ['"Alt of plain"', '"Alt\tof plain"'],
  ])('with %s changed to %s is read or refused as one that is read as a whole', (right, wrong) => {
    expect(text).toContain(right)
    const damaged = text.replace(right, wrong)
    expect(read(damaged)).toStrictEqual(readWhole(damaged))
  })

  it('may leave a line out, whichever it is', () => {
    for (const at of lines.keys()) {
      const damaged = lines.toSpliced(at, 1).join('\n')
      expect(read(damaged)).toStrictEqual(readWhole(damaged))
    }
  })

  it.each(['../plain', '/plain', 'c:plain', String.raw`a\\b`, 'a/./b', 'a/../../b', String.raw`\u0000`])(
    'with the id %s is refused, as it would lead out of the folder',
    (id) => {
      const wrong = text.replace('"plain": {', () => `"${id}": {`)
      expect(read(wrong)).toMatchObject({ problem: { code: 'lock/unreadable' } })
      expect(read(wrong)).toStrictEqual(readWhole(wrong))
    },
  )

  it('with an output twice, as a merge may leave it, is read as one that is read as a whole', () => {
    const output = lines.findIndex((other) => other.startsWith('  "480.webp"'))
    for (const name of ['480.webp', '0480.webp']) {
      const twice = lines.toSpliced(output, 0, `  "${name}": ["7",1,1],`).join('\n')
      expect(read(twice)).toStrictEqual(readWhole(twice))
    }
  })

  it('with a block twice, far apart, is refused at the second', () => {
    const start = text.indexOf('\n"plain": {')
    const block = text.slice(start, text.indexOf('\n}', start) + 3)
    const twice = text.replace('\n"words": {', () => `${block}\n\n"words": {`)
    expect(read(twice)).toMatchObject({ problem: { code: 'lock/duplicate' } })
    expect(read(twice)).toStrictEqual(readWhole(twice))
  })
})
