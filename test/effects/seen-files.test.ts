import { expect, it } from 'vitest'
import { seenFilesOver } from '../../src/effects/seen-files.ts'
import type { SeenFile } from '../../src/effects/state.ts'

function file(index: number, more: Partial<SeenFile> = {}): SeenFile {
  const size = BigInt(index)
  const stat = { size, mtimeNs: 1_795_999_999_999_999_999n + size, ctimeNs: size * 3n, ino: 2n ** 62n + size }
  const digest = String(index).padStart(32, '0')
  return { path: `shelf/é-${index}.webp`, stat, sha256: digest, derivedUnder: `f${digest.slice(1)}`, ...more }
}

it('what was seen of ten thousand files is told as it was', () => {
  const seen = seenFilesOver(new Map())
  const files = Array.from({ length: 10_000 }, (_, index) => file(index))
  for (const one of files) seen.set(one)
  expect(files.map(({ path }) => seen.get(path))).toEqual(files)
  expect(seen.get('shelf/none.webp')).toBeUndefined()
})

it('what is seen later counts, of this run and of before it', () => {
  const before = new Map([[file(1).path, file(1)]])
  const seen = seenFilesOver(before)
  expect(seen.get(file(1).path)).toEqual(file(1))
  for (const more of [{ sha256: 'a'.repeat(32) }, { sha256: 'b'.repeat(32) }]) {
    seen.set(file(1, more))
    expect(seen.get(file(1).path)).toEqual(file(1, more))
  }
  expect(before.get(file(1).path)).toEqual(file(1))
})
