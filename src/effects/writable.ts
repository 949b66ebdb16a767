import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { asDiskError } from './files.ts'

/** Why files cannot be written to a folder, which may still have to be made; null when they can. Writes nothing. */
export function whyNotWritable(folder: string): string | null {
  let place = folder
  try {
    while (statSync(place, { throwIfNoEntry: false }) === undefined && dirname(place) !== place) {
      place = dirname(place)
    }
    if (!statSync(place).isDirectory()) return `${place} is a file where a folder should be`
    accessSync(place, constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    return asDiskError(place, error).message
  }
}
