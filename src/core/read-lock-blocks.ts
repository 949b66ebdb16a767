import type { Original } from './image.ts'
import { LazyMap } from './lazy-map.ts'
import type { DroppedOutput, LockImage, LockOutput, LockRecord } from './lock.ts'
import { BLOCK, HEAD, OUTPUT } from './printed-block.ts'
import {
  c2paOf,
  droppedOf,
  imageOf,
  leadsOut,
  Malformed,
  nameOf,
  originalFormat,
  pathOf,
  record,
  recipesOf,
} from './read-lock-image.ts'
import { DEFAULT_FILENAME } from './recipes.ts'

/** Between two blocks. */
const BETWEEN = ',\n\n'

/**
 * The images of a printed lock, whose blocks stand between these offsets. Null when an id is there twice or something
 * else between two blocks; throws for a block that is malformed. The block of a plainly bought picture is only held
 * against its shape here, in a tenth of the time: what it says is read when it is asked for, and cannot be wrong then.
 */
export function imagesOfBlocks(
  text: string,
  from: number,
  to: number,
): ReadonlyMap<string, LockImage> | null {
  const images = new Map<string, LockImage | number>()
  const plainBlock = plainBlocks()
  const lazyBlock = lazyBlocks()
  for (let at = from; ;) {
    const { id, image, end } = lazyBlock(text, at) ?? plainBlock(text, at) ?? anyBlock(text, at)
    if (images.has(id)) return null
    images.set(id, image)
    if (end === to) break
    if (!text.startsWith(BETWEEN, end)) return null
    at = end + BETWEEN.length
  }
  return new LazyMap(images, (image) =>
    typeof image === 'number' ? (plainBlock(text, image) ?? anyBlock(text, image)).image : image,
  )
}

/** The image of one block, or where the block begins, and where its closing brace ends. */
interface Block<Image> {
  readonly id: string
  readonly image: Image
  readonly end: number
}

/** A block of any shape. Ids stand at the beginning of their lines and nothing else does, so there is one of them. */
function anyBlock(text: string, at: number): Block<LockImage> {
  const end = text.indexOf('\n}', at) + '\n}'.length
  const block = text.slice(at, end)
  const [entry, ...others] = Object.entries(record(JSON.parse(`{${block}}`), 'a block'))
  if (!entry || others.length > 0 || block.includes('\n"')) throw new Malformed('a block is not of one image')
  const [id, image] = entry
  return { id, image: imageOf(id, image), end }
}

/** Finds the block at an offset, which is read later; null where it is another one or has a name that leads out. */
export function lazyBlocks(): (text: string, at: number) => Block<number> | null {
  const lazy = new RegExp(BLOCK, 'y')
  return (text, at) => {
    lazy.lastIndex = at
    if (!lazy.test(text)) return null
    const id = text.slice(at + 1, text.indexOf('"', at + 1))
    return leadsOut(id) ? null : { id, image: at, end: lazy.lastIndex }
  }
}

/**
 * Reads the block at an offset; null where it is no plainly bought picture. What is found are slices of the text: they
 * hold on to it, and are together with it no larger than copies.
 */
export function plainBlocks(): (text: string, at: number) => Block<LockImage> | null {
  const head = new RegExp(HEAD, 'y')
  const outputsAt = outputReader()
  const shared = sharing()
  return (text, at) => {
    head.lastIndex = at
    const found = head.exec(text)
    if (!found) return null
    const { 1: id = '', 2: alt = null, 3: decorative, 29: filename = DEFAULT_FILENAME } = found
    const files = outputsAt({ text, at: head.lastIndex }, { id, filename })
    if (!files) return null
    const image = {
      alt,
      decorative: decorative !== undefined,
      variants: NONE,
      bought: recordOf(found, files.outputs, shared),
      draft: null,
      refused: null,
      others: NONE,
    }
    return { id, image, end: files.end }
  }
}

/** Most images have none of these things. */
const NONE: readonly never[] = []

/** What a head says, by its place there: a list's own pattern would take each step through an iterator. */
function recordOf(found: RegExpExecArray, outputs: readonly LockOutput[], shared: Shared): LockRecord {
  const {
    1: id = '',
    4: model = '',
    5: request = '',
    6: declared = '',
    7: modelPart = '',
    8: prompt = '',
    9: style = '',
    10: aspectPart = '',
    11: params = '',
    12: reroll = '',
    13: aspect = '',
    21: candidates = 1,
    22: pick = 1,
    23: x,
    24: y,
    25: thumbhash,
    26: colour = '',
    27: image = '',
    28: recipes = '',
    29: filename = DEFAULT_FILENAME,
    30: dropped,
  } = found
  return {
    request,
    declared,
    parts: {
      model: shared.text(modelPart),
      prompt,
      style: shared.text(style),
      aspect: shared.text(aspectPart),
      params: shared.text(params),
      reroll: shared.text(reroll),
    },
    model: shared.text(model),
    original: originalOf(found, id),
    candidates: Number(candidates),
    pick: Number(pick),
    aspect: shared.text(aspect),
    recipes: shared.recipes(recipes, id),
    filename: shared.text(filename),
    outputs,
    dropped: dropped === undefined ? NONE : droppedOf(JSON.parse(dropped), id),
    tooLarge: NONE,
    focus: x === undefined ? null : [Number(x), Number(y)],
    placeholder: thumbhash === undefined ? null : { thumbhash, colour, image },
  }
}

function originalOf(found: RegExpExecArray, id: string): Original {
  const { 14: sha256 = '', 15: format, 16: width, 17: height, 18: bytes, 19: alpha, 20: c2pa } = found
  const original = {
    sha256,
    format: originalFormat(format, id),
    width: Number(width),
    height: Number(height),
    bytes: Number(bytes),
    alpha: alpha !== undefined,
  }
  return c2pa === undefined ? original : { ...original, c2pa: c2paOf(JSON.parse(c2pa), id) }
}

/** What thousands of images have in common is kept once. */
interface Shared {
  readonly text: (text: string) => string
  readonly recipes: (text: string, id: string) => LockRecord['recipes']
}

function sharing(): Shared {
  const texts = new Map<string, string>()
  const recipes = new Map<string, LockRecord['recipes']>()
  return {
    text: (text) => texts.get(text) ?? kept(texts, text, text),
    recipes: (text, id) =>
      recipes.get(text) ?? kept(recipes, text, recipesOf(record(JSON.parse(text), 'recipes', id), id)),
  }
}

function kept<Value>(values: Map<string, Value>, key: string, value: Value): Value {
  values.set(key, value)
  return value
}

/** What the name of an output says. */
interface Name extends DroppedOutput {
  /** What follows the id in the usual path. */
  readonly tail: string
  /** The block that it was in last, by its turn: JSON would keep the last of two in silence. */
  among: number
}

/** Reads the outputs from an offset to the end of their block; null where one is not as printed or there twice. */
function outputReader(): (
  from: { readonly text: string; readonly at: number },
  image: { readonly id: string; readonly filename: string },
) => { readonly outputs: readonly LockOutput[]; readonly end: number } | null {
  const output = new RegExp(OUTPUT, 'y')
  const names = new Map<string, Name>()
  let turn = 0
  return ({ text, at }, { id, filename }) => {
    // Then no usual path of the image leads out of the asset folder, whatever the output.
    const usual = filename === DEFAULT_FILENAME && !leadsOut(id)
    const outputs: LockOutput[] = []
    output.lastIndex = at
    turn += 1
    for (;;) {
      const found = output.exec(text)
      if (!found) return null
      const { 1: key = '', 2: sha256 = '', 3: bytes, 4: rows, 5: hash = null, 6: quality, 7: behind } = found
      const name = names.get(key) ?? kept(names, key, readName(key, id))
      if (name.among === turn) return null
      name.among = turn
      const { format, width, tail } = name
      const height = Number(rows)
      outputs.push({
        format,
        width,
        height,
        sha256,
        bytes: Number(bytes),
        path: usual ? id + tail : pathOf(filename, id, { format, width, height, hash }),
        hash,
        quality: quality === undefined ? null : Number(quality),
      })
      if (behind !== ',\n') return { outputs, end: output.lastIndex }
    }
  }
}

function readName(key: string, id: string): Name {
  const { format, width } = nameOf(key, id)
  return { format, width, tail: `-${width}.${format}`, among: -1 }
}
