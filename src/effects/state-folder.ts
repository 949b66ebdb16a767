import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncEntries } from './sync-entries.ts'

const IGNORED =
  '# Originals are committed; these belong to one machine.\njournal.jsonl\nstate.bin\nowner.json\nemulator/\ngallery.html\ngallery-open.html\n'

/** Makes `.pixelkiln` with its `.gitignore`, where they are not there. Throws what the disk throws. */
export function ensureStateFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true })
  // Journal and originals are made safe in it: so its own name has to be.
  if (made !== undefined) syncEntries(dirname(made))
  const path = join(folder, '.gitignore')
  if (existsSync(path)) return
  // Whole or not at all: half of it would have git keep what belongs to one machine.
  const temporary = join(folder, `.pixelkiln-${process.pid}-${randomUUID()}.tmp`)
  writeFileSync(temporary, IGNORED)
  renameSync(temporary, path)
}
