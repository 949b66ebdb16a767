import type { Terminal } from '../cli.ts'
import { pick, pin, reroll, restore, unpin } from '../edit.ts'
import type { EditOptions } from '../edit/options.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'
import { tellEdit } from './tell-edit.ts'

/** `pixelkiln reroll ID…`: new pictures for the same words, at the next build. */
export async function rerollCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  return tellEdit(await reroll({ ...project(flags, terminal), ids: words }), flags, terminal)
}

/** `pixelkiln pick ID N`: another candidate. */
export async function pickCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const [id = '', take = ''] = words
  return tellEdit(await pick({ ...project(flags, terminal), id, take: Number(take) }), flags, terminal)
}

/** `pixelkiln pin ID [HASH]`: one original whatever the words say. */
export async function pinCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const [id = '', original] = words
  const given = original === undefined ? {} : { original }
  return tellEdit(await pin({ ...project(flags, terminal), id, ...given }), flags, terminal)
}

/** `pixelkiln unpin ID`: the words decide again. */
export async function unpinCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  return tellEdit(await unpin({ ...project(flags, terminal), id: words[0] ?? '' }), flags, terminal)
}

/** `pixelkiln restore ID HASH`: an earlier original, pinned. */
export async function restoreCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const [id = '', original = ''] = words
  return tellEdit(await restore({ ...project(flags, terminal), id, original }), flags, terminal)
}

function project(flags: Flags, terminal: Terminal): EditOptions {
  const { only: _, ...options } = readOptions(flags, terminal)
  return options
}
