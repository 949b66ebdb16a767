import type { GalleryAction, GalleryAnswer } from '../gallery-action.ts'
import type { Told } from '../gallery-model.ts'
import { element } from './element.ts'

/** How a page acts: through its server, or, for one that only shows, by naming the command. */
export interface Act {
  readonly live: boolean
  /** Does it, and says what came of it; false when it was not done. `images` are those of an order, for the words. */
  readonly act: (action: GalleryAction, images?: readonly string[]) => Promise<boolean>
}

/** Acts by POST. The token goes along in a header, which no other site's page can send. */
export function actOver(token: string, say: (text: string) => void): Act {
  return {
    live: true,
    act: async (action) => {
      const answer = await post(token, action)
      say(answer.ok ? answer.said : answer.problems.map(({ message }) => message).join(' '))
      return answer.ok
    },
  }
}

/** The server was started anew; every start has its own token. */
export const MOVED: Told = {
  code: 'gallery/moved',
  message:
    'The server was started anew and has a new address. Open the one that it printed; nothing you do here reaches it.',
}

async function post(token: string, action: GalleryAction): Promise<GalleryAnswer> {
  try {
    const reply = await fetch('act', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pixelkiln-token': token },
      body: JSON.stringify(action),
    })
    if (reply.status === 403) return { ok: false, problems: [MOVED] }
    // The page and its server are one version of one program.
    return (await reply.json()) as GalleryAnswer
  } catch {
    const message = 'The server does not answer. Is "pixelkiln gallery --serve" still running?'
    return { ok: false, problems: [{ code: 'gallery/away', message }] }
  }
}

/** Names the command that would do it. */
export function actByWords(show: (command: string) => void): Act {
  return {
    live: false,
    act: async (action, images = []) => {
      show(commandOf(action, images))
      return Promise.resolve(false)
    },
  }
}

/** The command line, or the line of the manifest, that does the same. */
function commandOf(action: GalleryAction, images: readonly string[]): string {
  switch (action.action) {
    case 'pick':
      return `pixelkiln pick ${action.image} ${action.take}`
    case 'pin':
    case 'restore':
      return `pixelkiln ${action.action} ${action.image} ${action.sha256.slice(0, 12)}`
    case 'unpin':
    case 'reroll':
    case 'accept':
      return `pixelkiln ${action.action} ${action.image}`
    case 'focus':
      return `focus: [${action.point.join(', ')}]`
    case 'buy':
      return `pixelkiln build ${images.map((id) => `--only ${id}`).join(' ')}`
  }
}

/** The buttons under an open picture. */
export function actionButtons(
  buttons: readonly (readonly [key: string, words: string, onclick: () => void])[],
): HTMLElement {
  return element(
    'div',
    { class: 'actions' },
    ...buttons.map(([key, words, onclick]) =>
      element('button', { type: 'button', 'data-key': key, onclick }, words),
    ),
  )
}
