import type { GalleryImage, GalleryModel } from '../gallery-model.ts'
import { MOVED, actByWords, actOver } from './act.ts'
import { createDeeds } from './deeds.ts'
import { createDetail } from './detail.ts'
import { element } from './element.ts'
import { createGrid } from './grid.ts'
import { openHelp } from './help.ts'
import { listenForKeys } from './keyboard.ts'
import { pageKeys } from './keys.ts'
import { followNews } from './live.ts'
import { createSay } from './say.ts'
import { toggleTheme } from './theme.ts'
import { createToolbar, isWanted } from './toolbar.ts'

/** Draws the page and keeps it up to date. The token is there only where there is a server. */
export function startPage(given: { readonly model: GalleryModel; readonly token: string | null }): void {
  const { token } = given
  const say = createSay()
  const act = token === null ? actByWords(say.command) : actOver(token, say.say)
  const deeds = createDeeds(act, say.say)
  let model = given.model
  let shown: readonly GalleryImage[] = []
  const grid = createGrid()
  const toolbar = createToolbar({
    wanted: () => show(),
    buy: () => void deeds.buy(model, null),
    theme: () => void toggleTheme(),
    help: () => openHelp(act.live),
  })
  const opened = createOpened({ find: (id) => findImage(model, id), order: () => shown, left: grid.focus })
  const detail = createDetail(deeds, { open: openImage, step: (by) => void opened.step(by) })
  const nothing = element('p', { class: 'nothing', hidden: true })
  const show = (): void => {
    shown = model.images.filter((image) => isWanted(image, toolbar.wanted()))
    toolbar.show(model, shown.length)
    grid.show(shown)
    nothing.hidden = shown.length > 0
    nothing.textContent =
      model.images.length === 0 ? `No image in ${model.manifest} yet.` : 'Nothing like that.'
    opened.follow(detail, model)
  }
  listenForKeys(() =>
    pageKeys({
      grid,
      toolbar,
      detail,
      deeds,
      opened,
      model,
      live: act.live,
      find: (id) => findImage(model, id),
    }),
  )
  document.body.replaceChildren(
    toolbar.root,
    say.root,
    element('main', {}, grid.root, nothing),
    detail.dialog,
  )
  detail.dialog.addEventListener('close', opened.closed)
  addEventListener('hashchange', () => opened.follow(detail, model))
  show()
  if (token === null) return
  followNews({
    model: (next) => {
      model = next
      show()
    },
    progress: ({ images, percent }) => images.forEach((id) => grid.progress(id, percent)),
    said: ({ text }) => say.say(text),
    trouble: ({ problems }) => say.problems(problems),
    connected: toolbar.connected,
    refused: () => say.problems([MOVED]),
  })
}

/** The one picture that is open; the address names it, so that it can be linked to and the back button closes it. */
export interface Opened {
  readonly id: () => string | null
  /** Opens the one before or after; false at the ends. */
  readonly step: (by: 1 | -1) => boolean
  /** Brings the dialog in line with the address and the model. */
  readonly follow: (
    detail: Pick<ReturnType<typeof createDetail>, 'dialog' | 'show'>,
    model: GalleryModel,
  ) => void
  /** To be called when the dialog was closed. */
  readonly closed: () => void
}

function createOpened(list: {
  readonly find: (id: string) => GalleryImage | null
  readonly order: () => readonly GalleryImage[]
  readonly left: (id: string) => void
}): Opened {
  let openId: string | null = null
  return {
    id: () => openId,
    step: (by) => {
      const order = list.order()
      const next = order[order.findIndex(({ id }) => id === openId) + by]
      if (next && openId !== null) openImage(next.id)
      return next !== undefined
    },
    follow: ({ dialog, show }, model) => {
      const image = list.find(idInAddress())
      if (!image) {
        dialog.close()
        return
      }
      openId = image.id
      show(model, image)
      if (!dialog.open) dialog.showModal()
    },
    closed: () => {
      const left = openId
      openId = null
      history.replaceState(null, '', location.pathname + location.search)
      if (left !== null) list.left(left)
    },
  }
}

function openImage(id: string): void {
  location.hash = `#${encodeURIComponent(id)}`
}

function idInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1))
  } catch {
    return ''
  }
}

function findImage(model: GalleryModel, id: string | null): GalleryImage | null {
  return model.images.find((image) => image.id === id) ?? null
}
