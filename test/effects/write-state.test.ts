import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { pathsOf, placeOf } from '../../src/effects/path-groups.ts'
import { readState } from '../../src/effects/state.ts'
import type { SeenFile } from '../../src/effects/state.ts'
import { tableOf, writeState, writeStateWith } from '../../src/effects/write-state.ts'

const HEADER = { tool: 'pixelkiln', clean: true, asked: 'real', images: 3, out: 'images' }
const INPUTS = { inputs: [['pixelkiln.yaml', ['1', '2', '3', '4']]] as const, notes: [] }

function file(path: string, size: number, derivedUnder = `key of ${path}`): SeenFile {
  const stat = { size: BigInt(size), mtimeNs: BigInt(size + 1), ctimeNs: 3n, ino: 4n }
  return { path, stat, sha256: String(size).padStart(32, '0'), derivedUnder }
}

const FILES = [file('a-1', 10), file('a-2', 20), file('é-1', 30, ''), file('c-1', 40), file('c-2', 50, '')]

it.each<[string, readonly { at: number; count: number; files: readonly SeenFile[] }[]]>([
  ['none', []],
  ['the first', [{ at: 0, count: 1, files: [file('a-longer', 11)] }]],
  ['the last, by more', [{ at: 4, count: 1, files: [file('c-3', 51), file('c-4', 52, '')] }]],
  ['the last, by none', [{ at: 3, count: 2, files: [] }]],
  [
    'some between and the last',
    [
      { at: 1, count: 2, files: [file('b', 7)] },
      { at: 3, count: 2, files: [file('c-1', 41), file('c-2', 50, 'now with a key')] },
    ],
  ],
  ['all', [{ at: 0, count: 5, files: [file('x', 1)] }]],
])('a state with others in the place of %s is the one that would be written whole', async (_, replaced) => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [path, whole] = [join(folder, 'state.bin'), join(folder, 'whole.bin')]
  await writeState(path, { ...HEADER, ...INPUTS }, { table: tableOf(FILES), apart: [Buffer.from('before')] })
  const before = readState(path)
  if (!before) throw new Error('it was not written')
  const next: SeenFile[] = [...FILES]
  for (const { at, count, files } of replaced.toReversed()) next.splice(at, count, ...files)
  await writeStateWith(path, before, { header: INPUTS, apart: [Buffer.from('after')], replaced })
  await writeState(whole, { ...HEADER, ...INPUTS }, { table: tableOf(next), apart: [Buffer.from('after')] })
  const read = readState(path)
  expect(seenIn(path)).toEqual(seenIn(whole))
  expect(read && next.map((file) => placeOf(read, file.path))).toEqual(next.map((_, index) => index))
  expect(next.map((_, index) => read?.derivedUnder(index))).toEqual(
    next.map(({ derivedUnder }) => derivedUnder),
  )
})

it('paths that begin alike are told with what they have in common once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'state.bin')
  const names = ['a-16.webp', 'a-24.webp', 'a/b-16.webp', 'a/b-24.webp', 'c.3f9a.png', 'd', 'e\tf.g']
  const files = names.map((name) => file(name, 1))
  await writeState(path, { ...HEADER, ...INPUTS }, { table: tableOf(files), apart: [] })
  const read = readState(path)
  if (!read) throw new Error('it was not written')
  expect(pathsOf(read)).toEqual(names)
  expect(read.groups.slice(0, 2)).toEqual([
    { stem: 'a', tails: ['-16.webp', '-24.webp'] },
    { stem: 'a/b', tails: ['-16.webp', '-24.webp'] },
  ])
  expect(read.header.tails).toEqual([['-16.webp', '-24.webp']])
  expect(placeOf(read, 'a-17.webp')).toBe(-1)
})

it('a state that was replaced meanwhile tells nothing of any file, and nothing is copied from it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [path, copy] = [join(folder, 'state.bin'), join(folder, 'copy.bin')]
  const header = { ...HEADER, ...INPUTS }
  await writeState(path, header, { table: tableOf(FILES), apart: [Buffer.from('a\nb\nc')] })
  const before = readState(path)
  if (!before) throw new Error('it was not written')
  await writeState(path, header, { table: tableOf(FILES.toReversed()), apart: [Buffer.from('a\nb\nc')] })
  expect(FILES.some(({ stat }, index) => before.isAsSeen(index, stat))).toBe(false)
  expect([before.sha256(0), before.derivedUnder(1), before.apart().every((byte) => byte === 0)]).toEqual([
    '0'.repeat(32),
    '',
    true,
  ])
  await writeStateWith(copy, before, { header: INPUTS, apart: [], replaced: [] })
  expect(readdirSync(folder)).toEqual(['.gitignore', 'state.bin'])
  rmSync(path)
  expect(before.isAsSeen(0, FILES[0]?.stat ?? { size: 0n, mtimeNs: 0n, ctimeNs: 0n, ino: 0n })).toBe(false)
})

it('a state of many files is read in parts and copied as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [path, copy] = [join(folder, 'state.bin'), join(folder, 'copy.bin')]
  const files = Array.from({ length: 9_000 }, (_, index) => file(`f-${index}`, index))
  await writeState(path, { ...HEADER, ...INPUTS }, { table: tableOf(files), apart: [] })
  const read = readState(path)
  if (!read) throw new Error('it was not written')
  const places = [0, 2_047, 2_048, 8_999, 4_096, 1, 8_192]
  expect(places.map((at) => read.isAsSeen(at, file('', at).stat))).toEqual(places.map(() => true))
  expect(places.map((at) => Number(read.sha256(at)))).toEqual(places)
  await writeStateWith(copy, read, { header: INPUTS, apart: [], replaced: [] })
  expect(seenIn(copy)).toEqual(seenIn(path))
})

function seenIn(path: string): unknown {
  const state = readState(path)
  if (!state) throw new Error('it was not written')
  const { header } = state
  const { tails: _, pathsBytes: __, ...rest } = header
  const paths = pathsOf(state)
  const rows = paths.map((_, at) => [state.statAt(at), state.sha256(at), state.derivedUnder(at)])
  return { rest, paths, rows, apart: state.apart().toString() }
}
