import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder: these files also run compiled, from another place in it. */
export const ROOT: string = rootAbove(dirname(fileURLToPath(import.meta.url)))

/** The command as people have it: `npm run build` makes what is behind it. */
export const COMMAND: string = join(ROOT, 'bin/pixelkiln.js')

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}
