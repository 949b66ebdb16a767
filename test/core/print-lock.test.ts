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
