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

async function writeOne(path: string, purchase: string): Promise<void> {
  const journal = openJournal(path)
  await journal.write(intended(purchase))
  await journal.close()
}

it('a step is there when it was written, and the next one stands behind it', async () => {
  const path = emptyPlace()
  await writeOne(path, 'one')
  await writeOne(path, 'two')
  expect(purchasesIn(path)).toEqual(['one', 'two'])
})

it('half a line at the end is cut off, and a missing newline added, before the next step', async () => {
  const path = emptyPlace()
  await writeOne(path, 'one')
  appendFileSync(path, '{"step":"acce')
  await writeOne(path, 'two')
  truncateSync(path, statSync(path).size - 1)
  await writeOne(path, 'three')
  expect(purchasesIn(path)).toEqual(['one', 'two', 'three'])
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4)
})

it('a line cut at any byte, through letters of several bytes too, is mended to what was whole', async () => {
  const path = emptyPlace()
  await writeOne(path, 'one')
  const first = statSync(path).size
  await writeOne(path, 'zwei – 二')
  const bytes = readFileSync(path)
  for (let length = first; length < bytes.length - 1; length += 1) {
    writeFileSync(path, bytes.subarray(0, length))
    await writeOne(path, 'three')
    expect(purchasesIn(path), `cut at ${length}`).toEqual(['one', 'three'])
  }
})

it.each([
  ['removed', (path: string) => rmSync(path)],
  ['cut', (path: string) => truncateSync(path, 10)],
])('a journal that was %s meanwhile takes no further step', async (_, act) => {
  const path = emptyPlace()
  const journal = openJournal(path)
  await journal.write(intended('one'))
  act(path)
  await expect(journal.write(intended('two'))).rejects.toThrow('removed or replaced')
  await journal.close()
})

it('a damaged last line is not written behind', async () => {
  const path = emptyPlace()
  await writeOne(path, 'one')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"step"', '"stop"'))
  const before = readFileSync(path, 'utf8')
  const journal = openJournal(path)
  await expect(journal.write(intended('two'))).rejects.toThrow('damaged')
  expect(readFileSync(path, 'utf8')).toBe(before)
})

it('steps of another run, which should not be there, are never written over', async () => {
  const path = emptyPlace()
  const [ours, theirs] = [openJournal(path), openJournal(path)]
  await ours.write(intended('ours'))
  await theirs.write(intended('theirs'))
  const late = ours.write(intended('late'))
  await expect(late).rejects.toMatchObject({ name: 'DiskError', path })
  await theirs.write(intended('theirs, too'))
  await Promise.all([ours.close(), theirs.close()])
  expect(purchasesIn(path)).toEqual(['ours', 'theirs', 'theirs, too'])
})

it('a step that comes after the end is refused', async () => {
  const path = emptyPlace()
  const journal = openJournal(path)
  await journal.write(intended('one'))
  await journal.close()
  await expect(journal.write(intended('two'))).rejects.toThrow('after the end')
  expect(purchasesIn(path)).toEqual(['one'])
})

it('steps that come at once stand in their order', async () => {
  const path = emptyPlace()
  const journal = openJournal(path)
  const names = Array.from({ length: 50 }, (_, index) => `step ${index}`)
  await Promise.all(names.map((name) => journal.write(intended(name))))
  expect(purchasesIn(path)).toEqual(names)
  await journal.close()
})

it('of steps that come at once and fail together none is done, and the next one stands behind what was', async () => {
  const path = emptyPlace()
  const journal = openJournal(path)
  await journal.write(intended('one'))
  const bytes = readFileSync(path)
  rmSync(path)
  const ends = await Promise.allSettled(['two', 'three'].map((name) => journal.write(intended(name))))
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await journal.close()
  writeFileSync(path, bytes)
  await writeOne(path, 'four')
  expect(purchasesIn(path)).toEqual(['one', 'four'])
})

it('what was given before the end is written, and only then the file is closed', async () => {
  const path = emptyPlace()
  const journal = openJournal(path)
  const written = journal.write(intended('one'))
  await journal.close()
  await written
  expect(purchasesIn(path)).toEqual(['one'])
})
