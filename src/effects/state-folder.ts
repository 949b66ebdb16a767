import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const IGNORED =
  '# Originals are committed; these belong to one machine.\njournal.jsonl\nstate.bin\nowner.json\nemulator/\ngallery.html\ngallery-open.html\n'

/** Makes `.pixelkiln` with its `.gitignore`, where they are not there. Throws what the disk throws. */
export function ensureStateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, '.gitignore')
  if (!existsSync(path)) writeFileSync(path, IGNORED)
}
