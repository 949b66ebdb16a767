import type { GalleryImage, GalleryModel } from '../gallery-model.ts'
import type { Deeds } from './deeds.ts'
import type { Detail } from './detail.ts'
import type { Grid } from './grid.ts'
import { openHelp } from './help.ts'
import type { Keys } from './keyboard.ts'
import type { Opened } from './page.ts'
import { toggleTheme } from './theme.ts'
import type { Toolbar } from './toolbar.ts'

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']

/** What the keys do now: in the list, in an open picture, or nothing while a question is open. */
export function pageKeys(page: {
  readonly grid: Grid
  readonly toolbar: Toolbar
  readonly detail: Detail
  readonly deeds: Deeds
  readonly opened: Opened
  readonly model: GalleryModel
  readonly live: boolean
  readonly find: (id: string | null) => GalleryImage | null
}): Keys {
  const { grid, toolbar, detail, deeds, opened, model, find } = page
  if (document.querySelector('dialog.ask[open]')) return {}
  const chosen = find(opened.id() ?? grid.current())
  const withChosen = (deed: (image: GalleryImage) => unknown) => (): boolean => {
    if (chosen) deed(chosen)
    return chosen !== null
  }
  const everywhere: Keys = {
    p: withChosen(deeds.togglePin),
    r: withChosen(deeds.reroll),
    b: always(() => deeds.buy(model, find(opened.id()))),
    t: always(toggleTheme),
    '?': always(() => openHelp(page.live)),
  }
  if (detail.dialog.open) {
    return {
      ...everywhere,
      v: always(detail.nextView),
      ArrowLeft: () => opened.step(-1),
      ArrowRight: () => opened.step(1),
    }
  }
  return {
    ...everywhere,
    '/': always(toolbar.focusSearch),
    Escape: () => toolbar.clear(),
    ...Object.fromEntries(MOVES.map((key) => [key, () => grid.move(key)])),
  }
}

function always(deed: () => unknown): () => boolean {
  return () => {
    deed()
    return true
  }
}
