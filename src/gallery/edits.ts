import { accept } from '../accept.ts'
import type { ReadOptions } from '../build/options.ts'
import { pick, pin, reroll, restore, setFocus, unpin } from '../edit.ts'
import type { EditAction, EditDone } from './answer.ts'

/** Does what a person chose with the same functions as the commands of that name. */
export function editsOf(
  options: Pick<ReadOptions, 'cwd' | 'manifest' | 'emulator'>,
): (action: EditAction) => Promise<EditDone> {
  return (action) => {
    const { image: id } = action
    switch (action.action) {
      case 'pick':
        return pick({ ...options, id, take: action.take })
      case 'pin':
        return pin({ ...options, id, original: action.sha256 })
      case 'unpin':
        return unpin({ ...options, id })
      case 'reroll':
        return reroll({ ...options, ids: [id] })
      case 'restore':
        return restore({ ...options, id, original: action.sha256 })
      case 'accept':
        return accept({ ...options, ids: [id] })
      case 'focus':
        return setFocus({ ...options, id, focus: action.point })
    }
  }
}
