import type { GalleryImage, GalleryOutput, Told } from '../gallery-model.ts'
import { element } from './element.ts'
import { aspectWords, bytesWords, creditsWords, percentWords, stateWords } from './words.ts'

/** What stands beside an open picture, like the label beside one in a museum: state, words, facts, files. */
export function labelOf(image: GalleryImage, open: (id: string) => void): HTMLElement {
  return element(
    'div',
    { class: 'label' },
    element(
      'p',
      { class: 'standing' },
      element('span', { class: 'state', 'data-state': image.state }, stateWords(image.state, image.percent)),
      image.pinned && image.state !== 'pinned' ? element('span', { class: 'tag' }, 'pinned') : null,
      image.standIn === null ? null : element('span', { class: 'tag' }, standInWords(image.standIn)),
    ),
    element('p', { class: 'reason' }, image.reason),
    ...toldOf(
      'problem',
      image.problems.filter(({ message }) => message !== image.reason),
    ),
    ...toldOf(
      'note',
      image.notes.filter(({ message }) => message !== image.reason),
    ),
    element('blockquote', { class: 'prompt' }, image.prompt),
    factsOf(image, open),
    filesOf(image.outputs),
  )
}

function standInWords(by: 'sketch' | 'emulator'): string {
  return by === 'sketch' ? 'a sketch' : 'from the emulator'
}

function toldOf(kind: 'problem' | 'note', told: readonly Told[]): readonly HTMLElement[] {
  return told.map(({ code, message }) =>
    element('p', { class: `told ${kind}` }, element('strong', {}, code), ` ${message}`),
  )
}

function factsOf(image: GalleryImage, open: (id: string) => void): HTMLElement {
  const { original, from } = image
  const rows: readonly (readonly [string, Node | string | null])[] = [
    ['Alt text', altFact(image)],
    ['Style', image.style],
    ['Model', image.model],
    ['Shape', shapeWords(image)],
    ['Focus', focusWords(image)],
    [
      'Crop of',
      from === null
        ? null
        : element('button', { type: 'button', class: 'link', onclick: () => open(from) }, from),
    ],
    [
      'Original',
      original &&
        `${original.width}×${original.height} ${original.format}, ${bytesWords(original.bytes)}, ${original.sha256.slice(0, 12)}`,
    ],
    ['Cost so far', image.from === null ? creditsWords(image.spent) : 'nothing, it shares its picture'],
    ['To buy', image.price === null ? null : creditsWords(image.price)],
  ]
  return element(
    'dl',
    { class: 'rows' },
    ...rows.flatMap(([name, value]) =>
      value === null ? [] : [element('dt', {}, name), element('dd', {}, value)],
    ),
  )
}

function altFact({ alt, decorative }: GalleryImage): Node | string {
  if (decorative) return 'decorative: says nothing'
  return alt ?? element('em', { class: 'lacking' }, 'none yet')
}

function shapeWords(image: GalleryImage): string {
  const shape = aspectWords(image)
  const asked = image.asked === null || image.asked === shape ? '' : `, asked as ${image.asked}`
  const kept =
    image.kept === null || image.kept > 0.999 ? '' : `, ${percentWords(image.kept)} of the original kept`
  return `${shape}${asked}${kept}`
}

function focusWords({ focus, point }: GalleryImage): string {
  const found = point === null ? '' : ` ${percentWords(point[0])} across, ${percentWords(point[1])} down`
  return typeof focus === 'string' ? `${focus}${found === '' ? '' : `:${found}`}` : found.trim()
}

/** Sizes and bytes by format: one row a width, one column a format. */
function filesOf(outputs: readonly GalleryOutput[]): HTMLElement | null {
  if (outputs.length === 0) return null
  const formats = [...new Set(outputs.map(({ format }) => format))]
  const widths = [...new Set(outputs.map(({ width }) => width))].sort((a, b) => a - b)
  const cell = (width: number, format: string): HTMLElement => {
    const output = outputs.find((each) => each.width === width && each.format === format)
    return element('td', {}, output ? bytesWords(output.bytes) : '–')
  }
  const total = (format: string): number =>
    outputs.filter((output) => output.format === format).reduce((sum, { bytes }) => sum + bytes, 0)
  return element(
    'table',
    { class: 'files' },
    element('caption', {}, 'Files'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, 'px'),
        ...formats.map((format) => element('th', { scope: 'col' }, format)),
      ),
    ),
    element(
      'tbody',
      {},
      ...widths.map((width) =>
        fileRow(
          String(width),
          formats.map((format) => cell(width, format)),
        ),
      ),
    ),
    element(
      'tfoot',
      {},
      fileRow(
        'all',
        formats.map((format) => element('td', {}, bytesWords(total(format)))),
      ),
    ),
  )
}

function fileRow(name: string, cells: readonly HTMLElement[]): HTMLElement {
  return element('tr', {}, element('th', { scope: 'row' }, name), ...cells)
}
