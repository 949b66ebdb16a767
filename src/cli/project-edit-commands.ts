import { accept } from '../accept.ts'
import { adopt } from '../adopt.ts'
import type { Terminal } from '../cli.ts'
import type { ProjectOptions } from '../edit/in-project.ts'
import { rename } from '../rename.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'
import { tellEdit } from './tell-edit.ts'

/** `pixelkiln accept ID…`: the present originals stand for the present words. */
export async function acceptCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  return tellEdit(await accept({ ...project(flags, terminal), ids: words }), flags, terminal)
}

/** `pixelkiln adopt ID FILE`: a picture of your own. */
export async function adoptCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const [id = '', file = ''] = words
  return tellEdit(await adopt({ ...project(flags, terminal), id, file }), flags, terminal)
}

/** `pixelkiln rename OLD NEW`: an image with its files. */
export async function renameCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const [from = '', to = ''] = words
  return tellEdit(await rename({ ...project(flags, terminal), from, to }), flags, terminal)
}

function project(flags: Flags, terminal: Terminal): ProjectOptions {
  const { only: _, ...options } = readOptions(flags, terminal)
  return {
    ...options,
    wait: !flags.on('no-wait'),
    onEvent: (event) => {
      if (event.type === 'waiting') terminal.writeError(`Waiting for another run (${event.holder}).\n`)
    },
  }
}
