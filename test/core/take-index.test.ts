import { expect, it } from 'vitest'
import { indexText, joined, parseIndex } from '../../src/core/take-index.ts'
import type { IndexEntry } from '../../src/core/take-index.ts'

const PARTS = { model: 'm', prompt: 'p', style: 's', aspect: 'a', params: 'q', reroll: 'r' }

function entry(images: readonly string[], ...takes: readonly (readonly [number, string])[]): IndexEntry {
  return {
    request: 'ab12',
    declared: 'cd34',
    model: 'apiframe/dall-e-3',
    parts: PARTS,
    images,
    takes: takes.map(([take, digit]) => ({
      take,
      original: {
        sha256: digit.repeat(64),
        format: 'png',
        width: 3,
        height: 2,
        bytes: 9,
        alpha: false,
      },
      model: digit === 'b' ? 'adopted' : 'apiframe/dall-e-3',
    })),
  }
}

/** Numbers and first digits of the takes. */
function takes(read: IndexEntry | null): readonly string[] {
  return read?.takes.map(({ take, original }) => `${take}${original.sha256[0]}`) ?? []
}

it('reads back what it printed', () => {
  const whole = entry(['home/hero', 'shop/mug'], [1, 'a'], [3, 'b'])
  expect(parseIndex(indexText(whole))).toEqual(whole)
  expect(parseIndex(indexText(whole).replaceAll('\n', '\r\n'))).toEqual(whole)
  const takes = whole.takes.map((take) => ({ ...take, model: null }))
  const bare = { ...whole, model: null, parts: null, images: [], takes }
  expect(parseIndex(indexText(bare))).toEqual(bare)
})

it('keeps what is listed, and gives another picture the next free number', () => {
  const both = joined(entry(['b'], [1, 'a'], [2, 'b']), entry(['a'], [2, 'c'], [1, 'a']))
  expect(takes(both)).toEqual(['1a', '2b', '3c'])
  expect(both.images).toEqual(['a', 'b'])
})

it('understands a file that git joined from two branches, by union or with markers', () => {
  const ours = indexText(entry(['a'], [1, 'a']))
  const theirs = indexText(entry(['b'], [1, 'b'], [2, 'c']))
  const [head = '', ...rest] = theirs.split('  "images": [\n')
  const union = `${ours.replace('  ]\n}\n', '')}${rest.join('')}`
  const marked = `${head}<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`
  for (const text of [union, marked]) {
    const read = parseIndex(text)
    expect(takes(read)).toEqual(['1a', '2c', '3b'])
    expect(read?.images).toEqual(['a', 'b'])
  }
})

it('takes anything else for no index', () => {
  const text = indexText(entry(['a'], [1, 'a']))
  for (const wrong of ['', '{}', '[1]', text.replace('"request"', '"other"'), text.replace('aaa', 'xyz')])
    expect(parseIndex(wrong)).toBeNull()
})
