import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { JournalLine } from '../../src/core/journal.ts'
import { openJournal, readJournal } from '../../src/effects/journal.ts'

const AT = '2026-01-02T03:04:05.000Z'

function intended(purchase: string): JournalLine {
  const texts = { run: 'r', request: 'q', declared: 'd', provider: 'p', revision: '1', model: 'm' }
  const numbers = { version: 1, firstTake: 1, count: 1, epoch: 0, reserved: 21 }
  const rest = { images: ['a'], body: '{}', origin: 'o', account: 'c' }
  return { step: 'intended', purchase, at: AT, ...texts, ...numbers, ...rest }
}

function emptyPlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'state', 'journal.jsonl')
}

function purchasesIn(path: string): readonly string[] {
  const read = readJournal(path)
  if ('problem' in read) throw new Error(read.problem.message)
  return [...read.purchases.keys()]
}

function writeOne(path: string, purchase: string): void {
  const journal = openJournal(path)
  journal.write(intended(purchase))
  journal.close()
}

it('a step is there when it was written, and the next one stands behind it', () => {
  const path = emptyPlace()
  writeOne(path, 'one')
  writeOne(path, 'two')
  expect(purchasesIn(path)).toEqual(['one', 'two'])
})

it('half a line at the end is cut off, and a missing newline added, before the next step', () => {
  const path = emptyPlace()
  writeOne(path, 'one')
  appendFileSync(path, '{"step":"acce')
  writeOne(path, 'two')
  truncateSync(path, statSync(path).size - 1)
  writeOne(path, 'three')
  expect(purchasesIn(path)).toEqual(['one', 'two', 'three'])
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4)
})

it('a line cut at any byte, through letters of several bytes too, is mended to what was whole', () => {
  const path = emptyPlace()
  writeOne(path, 'one')
  const first = statSync(path).size
  writeOne(path, 'zwei – 二')
  const bytes = readFileSync(path)
  for (let length = first; length < bytes.length - 1; length += 1) {
    writeFileSync(path, bytes.subarray(0, length))
    writeOne(path, 'three')
    expect(purchasesIn(path), `cut at ${length}`).toEqual(['one', 'three'])
  }
})

it.each([
  ['removed', (path: string) => rmSync(path)],
  ['cut', (path: string) => truncateSync(path, 10)],
])('a journal that was %s meanwhile takes no further step', (_, act) => {
  const path = emptyPlace()
  const journal = openJournal(path)
  journal.write(intended('one'))
  act(path)
  expect(() => journal.write(intended('two'))).toThrow('removed or replaced')
  journal.close()
})

it('a damaged last line is not written behind', () => {
  const path = emptyPlace()
  writeOne(path, 'one')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"step"', '"stop"'))
  const before = readFileSync(path, 'utf8')
  const journal = openJournal(path)
  expect(() => journal.write(intended('two'))).toThrow('damaged')
  expect(readFileSync(path, 'utf8')).toBe(before)
})

it('a step that comes after the end is refused', () => {
  const path = emptyPlace()
  const journal = openJournal(path)
  journal.write(intended('one'))
  journal.close()
  expect(() => journal.write(intended('two'))).toThrow('after the end')
  expect(purchasesIn(path)).toEqual(['one'])
})
