import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { DiskError } from '../../src/effects/files.ts'
import { withLargeFile } from '../../src/effects/large-file.ts'

const WINDOW = 256 * 1024

function fileOf(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-large-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'large')
  writeFileSync(path, bytes)
  return path
}

it('a text is found wherever it stands, also across the windows the file is read in', () => {
  const needle = '\n"é": {\n'
  const length = Buffer.byteLength(needle)
  const places = [0, 1, WINDOW - length, WINDOW - 1, WINDOW - 3, WINDOW, 2 * WINDOW - 5, 3 * WINDOW - length]
  for (const place of places) {
    const bytes = Buffer.alloc(3 * WINDOW, 'a')
    bytes.write(needle, place)
    const found = withLargeFile(fileOf(bytes), (file) => [
      file.indexOf(needle, 0),
      file.indexOf(needle, place),
      file.indexOf(needle, place + 1),
      file.indexOf('a', 2 * WINDOW + 100),
      file.indexOf(needle, Math.max(0, place - 10)),
      file.text(place, place + length),
    ])
    expect(found).toEqual([place, place, -1, 2 * WINDOW + 100, place, needle])
  }
})

it('a text in a small file is found, one behind its end is not, and no file is none', () => {
  const path = fileOf(Buffer.from('abcabc'))
  expect(
    withLargeFile(path, ({ indexOf, text }) => [
      indexOf('abc', 1),
      indexOf('abcd', 0),
      indexOf('a', 6),
      indexOf('a', 900_000),
      text(4, 100),
    ]),
  ).toEqual([3, -1, -1, -1, 'bc'])
  expect(withLargeFile(fileOf(Buffer.of()), ({ indexOf }) => indexOf('a', 0))).toBe(-1)
  expect(withLargeFile(`${path}-not`, () => true)).toBeNull()
})

it('a file that cannot be read is told as any other trouble of the disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-large-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(() => withLargeFile(folder, ({ indexOf }) => indexOf('a', 0))).toThrow(DiskError)
})
