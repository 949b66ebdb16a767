import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lock, LockImage, LockRecord } from '../../src/core/lock.ts'
import { mergeConflict } from '../../src/core/merge-conflict.ts'
import { mergeLocks } from '../../src/core/merge-lock.ts'
import { printLock } from '../../src/core/print-lock.ts'
import { readLock } from '../../src/core/read-lock.ts'

function hex(digit: number, length: number): string {
  return digit.toString(16).repeat(length)
}

/** A record that is told by one digit: which words it was bought for and which picture came. */
function recordOf(words: number, picture: number): LockRecord {
  const part = hex(words, 6)
  return {
    model: 'apiframe/dall-e-3',
    request: hex(words, 32),
    declared: hex(words, 16),
    parts: { model: part, prompt: part, style: part, aspect: part, params: part, reroll: part },
    aspect: '1:1',
    original: {
      sha256: hex(picture, 64),
      format: 'png',
      width: 64,
      height: 64,
      bytes: 100 + picture,
      alpha: false,
    },
    candidates: 1,
    pick: 1,
    focus: null,
    placeholder: null,
    recipes: { webp: `${hex(picture, 12)}.1` },
    filename: '{id}-{width}.{format}',
    outputs: [],
    dropped: [],
    tooLarge: [],
  }
}

function imageOf(alt: string, bought: LockRecord): LockImage {
  return { alt, decorative: false, variants: [], bought, draft: null, refused: null, others: [] }
}

const digit = fc.integer({ min: 1, max: 5 })
const record = fc.tuple(digit, digit).map(([words, picture]) => recordOf(words, picture))
const image: fc.Arbitrary<LockImage> = fc.record({
  alt: fc.constantFrom(null, 'A lamp', 'A mug'),
  decorative: fc.boolean(),
  variants: fc.constantFrom(
    [],
    [{ media: '(max-width: 40em)', id: 'a.tall' }],
    [{ media: 'print', id: 'b' }],
  ),
  bought: fc.option(record, { nil: null }),
  draft: fc.option(
    record.map((one) => ({ ...one, by: 'sketch' as const })),
    { nil: null },
  ),
  refused: fc.option(
    digit.map((words) => words.toString(16).repeat(32)),
    { nil: null },
  ),
  others: fc.constant([]),
})
const lock: fc.Arbitrary<Lock> = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'home/hero'), image),
    fc.constantFrom(null, '/images', 'https://cdn.example/'),
  )
  .map(([images, url]) => ({ manifest: '../pixelkiln.yaml', url, images: new Map(Object.entries(images)) }))

function picturesIn({ images }: Lock): ReadonlySet<string> {
  return new Set(
    [...images.values()].flatMap(({ bought, others }) =>
      [...(bought ? [bought] : []), ...others].map(
        ({ request, original }) => `${request} ${original.sha256}`,
      ),
    ),
  )
}

function lockFrom(text: string): Lock {
  const read = readLock({ file: 'lock', text })
  if ('problem' in read) throw new Error(read.problem.message)
  return read.lock
}

describe('a merge of two locks', () => {
  it('comes to the same bytes on both machines', () => {
    fc.assert(
      fc.property(fc.option(lock, { nil: null }), lock, lock, (base, ours, theirs) => {
        expect(printLock(mergeLocks(base, ours, theirs))).toBe(printLock(mergeLocks(base, theirs, ours)))
      }),
    )
  })

  it('of equal sides, or with a side that changed nothing, is the side itself', () => {
    fc.assert(
      fc.property(lock, lock, (base, side) => {
        expect(printLock(mergeLocks(base, side, side))).toBe(printLock(side))
        expect(printLock(mergeLocks(base, base, side))).toBe(printLock(side))
      }),
    )
  })

  it('merged again with either side stays as it is', () => {
    fc.assert(
      fc.property(lock, lock, lock, (base, ours, theirs) => {
        const merged = mergeLocks(base, ours, theirs)
        expect(printLock(mergeLocks(ours, merged, ours))).toBe(printLock(merged))
      }),
    )
  })

  it('never loses a picture that a side bought and no side let go', () => {
    fc.assert(
      fc.property(fc.option(lock, { nil: null }), lock, lock, (base, ours, theirs) => {
        const before = base ? picturesIn(base) : new Set<string>()
        const kept = picturesIn(mergeLocks(base, ours, theirs))
        const bought = [...picturesIn(ours), ...picturesIn(theirs)].filter((picture) => !before.has(picture))
        expect(bought.filter((picture) => !kept.has(picture))).toEqual([])
      }),
    )
  })

  it('prints to a lock that reads back as it was', () => {
    fc.assert(
      fc.property(lock, lock, (ours, theirs) => {
        const text = printLock(mergeLocks(null, ours, theirs))
        expect(printLock(lockFrom(text))).toBe(text)
      }),
    )
  })
})

function conflict(one: string, other: string): string {
  return `<<<<<<< HEAD\n${one}=======\n${other}>>>>>>> branch\n`
}

describe('conflict markers in a lock', () => {
  const ours: Lock = {
    manifest: '../pixelkiln.yaml',
    url: null,
    images: new Map([['a', imageOf('A', recordOf(1, 1))]]),
  }
  const theirs: Lock = {
    manifest: '../pixelkiln.yaml',
    url: null,
    images: new Map([['b', imageOf('B', recordOf(2, 2))]]),
  }
  it('are merged to what both sides bought', () => {
    const read = mergeConflict({ file: 'lock', text: conflict(printLock(ours), printLock(theirs)) })
    expect(read && 'lock' in read ? [...read.lock.images.keys()] : read).toEqual(['a', 'b'])
  })

  it('around single blocks, where commas no longer fit, are merged as well', () => {
    const [head = '', ...rest] = printLock(ours).split('\n\n')
    const [, ...other] = printLock(theirs).split('\n\n')
    const tail = rest.pop() ?? ''
    other.pop()
    const text = `${head}\n\n${conflict(`${rest.join('\n\n')}\n`, `${other.join('\n\n')}\n`)}\n${tail}`
    const read = mergeConflict({ file: 'lock', text })
    expect(read && 'lock' in read ? [...read.lock.images.keys()] : read).toEqual(['a', 'b'])
  })

  it('around what is no lock stay a problem with its place', () => {
    const read = mergeConflict({ file: 'lock', text: conflict('{ "lock": 1', '{}') })
    expect(read && 'problem' in read ? [read.problem.code, read.problem.place?.line] : read).toEqual([
      'lock/conflict',
      1,
    ])
  })

  it('that are not there leave nothing to merge', () => {
    expect(mergeConflict({ file: 'lock', text: printLock(ours) })).toBeNull()
  })
})
