import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replay } from '../../src/core/journal.ts'
import { printLock } from '../../src/core/print-lock.ts'
import { readLock } from '../../src/core/read-lock.ts'
import { parseIndex } from '../../src/core/take-index.ts'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { builtSubject } from './subject.ts'
import type { Subject, Verdict } from './subject.ts'

/** The files whose bytes are cut and flipped. */
export const DAMAGED = ['journal', 'lock', 'state', 'index', 'original'] as const
export type Damaged = (typeof DAMAGED)[number]

/** `cut`: the file ends at this byte. `flip`: one bit of it is another. */
export type Damage = 'cut' | 'flip'

/** What a run may come to on a damaged project: done, refused with words, or an original that is missing. */
const HONEST = new Set([0, 2, 4])

/**
 * Damages one file of a built project at every byte (or every `stride`th), and builds: it must recover, refuse with
 * words, or miss a picture and say so. Nothing may be bought again, and with the file put back all must be well.
 * Bytes that read the same come to the same, so of those only the first is built; each counts as a round.
 */
export async function damage(
  service: Service,
  options: { readonly what: Damaged; readonly how: Damage; readonly stride: number },
): Promise<Row> {
  const { what, how, stride } = options
  const subject = await builtSubject(`${how} ${what}`, service)
  const good = mkdtempSync(join(tmpdir(), 'pixelkiln-good-'))
  cpSync(subject.folder, good, { recursive: true, preserveTimestamps: true })
  const path = join(subject.folder, placeOf(what, subject))
  const bytes = readFileSync(path)
  const verdicts: Verdict[] = []
  const known = new Map<string, Verdict>()
  for (let at = 0; at < bytes.length; at += stride) {
    const damaged = how === 'cut' ? bytes.subarray(0, at) : flipped(bytes, at)
    const reading = readingOf(what, damaged)
    const name = `${what}, ${how} at ${at}`
    const verdict = known.get(reading) ?? (await oneRound(subject, { path, damaged, good, name }))
    known.set(reading, verdict)
    verdicts.push(verdict)
  }
  subject.close()
  rmSync(good, { recursive: true })
  const each = `${how} at each byte: ${what}`
  return rowOf(known.size < verdicts.length ? `${each} (${known.size} readings)` : each, verdicts)
}

function placeOf(what: Damaged, { folder }: Subject): string {
  const index = '.pixelkiln/originals/index'
  switch (what) {
    case 'journal':
      return '.pixelkiln/journal.jsonl'
    case 'lock':
      return 'images/pixelkiln.lock.json'
    case 'state':
      return '.pixelkiln/state.bin'
    case 'index':
      return join(index, firstFile(join(folder, index)))
    case 'original': {
      const names = readdirSync(join(folder, '.pixelkiln/originals'), { recursive: true }).map(String)
      return join('.pixelkiln/originals', names.find((name) => name.endsWith('.png')) ?? '')
    }
  }
}

/** What our own readers make of the bytes, as a text that is another one for everything they tell apart. */
function readingOf(what: Damaged, bytes: Buffer): string {
  const text = bytes.toString('utf8')
  switch (what) {
    case 'journal': {
      const replayed = replay(text, what)
      return 'problem' in replayed
        ? JSON.stringify(replayed)
        : JSON.stringify([replayed.end, ...replayed.purchases])
    }
    case 'lock': {
      const read = readLock({ file: what, text })
      return 'problem' in read ? JSON.stringify(read) : printLock(read.lock)
    }
    case 'index':
      return JSON.stringify(parseIndex(text))
    // Nothing but its own bytes tells these apart.
    case 'state':
    case 'original':
      return bytes.toString('latin1')
  }
}

function firstFile(folder: string): string {
  const names = readdirSync(folder, { recursive: true }).map(String)
  return names.find((name) => name.endsWith('.json')) ?? ''
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
  return copy
}

async function oneRound(
  subject: Subject,
  round: {
    readonly path: string
    readonly damaged: Buffer
    readonly good: string
    readonly name: string
  },
): Promise<Verdict> {
  writeFileSync(round.path, round.damaged)
  // An output is missing as well, so that the run cannot just say that all is as it was.
  rmSync(join(subject.folder, 'images/p1-64.webp'), { force: true })
  const run = await subject.undisturbed('build')
  const made = existsSync(join(subject.folder, 'images/p1-64.webp'))
  rmSync(subject.folder, { recursive: true })
  cpSync(round.good, subject.folder, { recursive: true, preserveTimestamps: true })
  const again = await subject.undisturbed('build')
  const { charged, wrongs } = await subject.books()
  const honest = HONEST.has(run.exitCode ?? -1) && (run.exitCode !== 0 || made)
  return {
    needed: 1,
    charged,
    lost: again.exitCode === 0 ? 0 : 1,
    inDoubt: 0,
    exitCode: run.exitCode,
    recoveryMs: run.tookMs,
    wrongs: [
      ...wrongs,
      ...(honest ? [] : [`ended with ${run.exitCode}: ${run.said}`]),
      ...(charged === 1 ? [] : [`${charged} charges`]),
      ...(again.exitCode === 0
        ? []
        : [`with the file put back it ended with ${again.exitCode}: ${again.said}`]),
    ].map((wrong) => `${round.name}: ${wrong}`),
  }
}
