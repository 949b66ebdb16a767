import type { GalleryModel, GalleryState } from '../gallery-model.ts'
import { element, refill } from './element.ts'
import { round } from './round.ts'
import { STATES, bytesWords, counted, creditsWords, stateWords } from './words.ts'

/** What the list is limited to. */
export interface Wanted {
  readonly state: GalleryState | null
  readonly words: string
}

/** The head of the page: what project this is, search, filters, and what waits to be bought. */
export interface Toolbar {
  readonly root: HTMLElement
  readonly show: (model: GalleryModel, shown: number) => void
  readonly wanted: () => Wanted
  readonly focusSearch: () => void
  /** Takes search and filter back; false when there was none. */
  readonly clear: () => boolean
  /** Says whether the page is in touch with its server; null for a page that has none. */
  readonly connected: (yes: boolean | null) => void
}

/** Makes the head. `onWanted` hears of each change of search or filter. */
export function createToolbar(on: {
  readonly wanted: () => void
  readonly buy: () => void
  readonly theme: () => void
  readonly help: () => void
}): Toolbar {
  let wanted: Wanted = { state: null, words: '' }
  const search = searchField((words) => {
    wanted = { ...wanted, words }
    on.wanted()
  })
  const title = element('h1')
  const summary = element('p', { class: 'summary' })
  const filters = element('div', { class: 'filters', role: 'group', 'aria-label': 'Filter by state' })
  const touch = element('span', { class: 'touch', role: 'status', hidden: true })
  const buy = element('button', { type: 'button', class: 'offer', onclick: on.buy, 'data-key': 'buy' })
  const ends = [round('Light or dark', 'theme', on.theme), round('Help and keys', 'help', on.help)]
  const choose = (state: GalleryState | null): void => {
    wanted = { ...wanted, state }
    on.wanted()
  }
  return {
    root: element(
      'header',
      { class: 'head' },
      element('div', { class: 'masthead' }, title, summary, touch),
      element(
        'div',
        { class: 'tools' },
        filters,
        element('div', { class: 'tools-end' }, search, buy, ...ends),
      ),
    ),
    show: (model, shown) => {
      title.textContent = model.title
      summary.textContent = summaryOf(model, shown)
      refill(filters, ...filterButtons(model, wanted.state, choose))
      buy.hidden = model.purchases.length === 0
      buy.textContent = buyWords(model)
    },
    wanted: () => wanted,
    focusSearch: () => search.select(),
    clear: () => {
      const any = wanted.state !== null || wanted.words !== ''
      wanted = { state: null, words: '' }
      search.value = ''
      if (any) on.wanted()
      return any
    },
    connected: (yes) => {
      touch.hidden = yes === null
      touch.dataset['on'] = String(yes)
      touch.textContent = yes === true ? 'live' : 'not connected'
    },
  }
}

/** True when an image is wanted: its state, and every word somewhere in its texts. */
export function isWanted(image: GalleryModel['images'][number], wanted: Wanted): boolean {
  if (wanted.state !== null && image.state !== wanted.state) return false
  const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const { id, prompt, style, model, alt, state } = image
  const text = [id, prompt, style, model, alt, stateWords(state)].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

function searchField(onWords: (words: string) => void): HTMLInputElement {
  const field = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search',
    'aria-label': 'Search ids, prompts, styles, models and alt texts',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => onWords(field.value),
  })
  return field
}

function filterButtons(
  model: GalleryModel,
  chosen: GalleryState | null,
  choose: (state: GalleryState | null) => void,
): readonly HTMLElement[] {
  const button = (state: GalleryState | null, count: number): HTMLElement =>
    element(
      'button',
      {
        type: 'button',
        class: 'filter',
        'data-key': state ?? 'all',
        'data-state': state,
        'aria-pressed': String(state === chosen),
        onclick: () => choose(state),
      },
      state === null ? 'All' : stateWords(state),
      element('span', { class: 'count' }, String(count)),
    )
  const counts = STATES.map((state) => ({
    state,
    count: model.images.filter((image) => image.state === state).length,
  }))
  // The chosen one stays to be seen when its last picture has moved on.
  const some = counts.filter(({ state, count }) => count > 0 || state === chosen)
  return [button(null, model.images.length), ...some.map(({ state, count }) => button(state, count))]
}

function summaryOf(model: GalleryModel, shown: number): string {
  const bytes = model.images.reduce((sum, image) => sum + image.bytes, 0)
  const pictures = counted(model.images.length, 'picture')
  const some = shown === model.images.length ? pictures : `${shown} of ${pictures}`
  const play = model.mode === 'emulator' ? ', emulator' : model.mode === 'sketch' ? ', drafts' : ''
  const limit = model.dayBudget === null ? '' : ` of ${model.dayBudget}`
  const today = model.today > 0 || model.dayBudget !== null ? ` · ${model.today}${limit} credits today` : ''
  return `${some} · ${bytesWords(bytes)} in ${model.out}${today}${play}`
}

function buyWords({ purchases, credits }: GalleryModel): string {
  const pictures = purchases.reduce((sum, { count }) => sum + count, 0)
  return `Buy ${counted(pictures, 'picture')} · ${credits === null ? 'price not known' : creditsWords(credits)}`
}
