import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, writeWhole } from './files.ts'

const IGNORED =
  '# Originals are committed; these belong to one machine.\njournal.jsonl\nstate.bin\nowner.json\nemulator/\ngallery.html\ngallery-open.html\n'

/**
 * Makes `.pixelkiln` with its `.gitignore`, where they are not there. Its name is on disk when that resolves: journal and
 * originals are made safe in it. Throws `DiskError`.
 */
export async function ensureStateFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  const path = join(folder, '.gitignore')
  // Half of it would have git keep what belongs to one machine.
  if (!existsSync(path)) await writeWhole(path, IGNORED, { durable: false })
}
