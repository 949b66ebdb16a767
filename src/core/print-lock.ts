import { heldOf } from './held-images.ts'
import { LOCK_FOOT, LOCK_IMAGES, LOCK_VERSION } from './lock.ts'
import type { Lock, LockDraft, LockImage, LockOutput, LockRecord } from './lock.ts'
import type { Json, Original } from './image.ts'
import { DEFAULT_FILENAME } from './recipes.ts'

/**
 * Prints the lock: fixed field order, images sorted by code unit, one block per image with a blank line between, so
 * that it diffs and merges well. Ids stand at the beginning of their lines and nothing else does: at ten thousand images
 * each blank of indentation is two hundred kilobytes. Equal locks give equal bytes.
 */
export function printLock(lock: Lock): string {
  return [...lockParts(lock)].join('')
}

/** The same in parts, an image at most in each: they can be made in turns with something else. What is held as its block is one of them as it is. */
export function* lockParts(lock: Lock): Generator<string> {
  const ids = [...lock.images.keys()].sort()
  const url = lock.url === null ? '' : `${field(' ', 'url', lock.url)},\n`
  yield `{\n "lock": ${LOCK_VERSION},\n${field(' ', 'manifest', lock.manifest)},\n${url}`
  const held = heldOf(lock.images)
  let between = LOCK_IMAGES
  for (const id of ids) {
    const image = held.get(id)
    if (image === undefined) continue
    yield between
    yield typeof image === 'string' ? image : printBlock(id, image)
    between = ',\n\n'
  }
  yield ids.length === 0 ? ' "images": {}\n}\n' : LOCK_FOOT
}

/** The block of one image. */
export function printBlock(id: string, image: LockImage): string {
  return `${JSON.stringify(id)}: {\n${imageLines(image).join(',\n')}\n}`
}

function imageLines(image: LockImage): string[] {
  const lines = image.alt === null ? [] : [field(' ', 'alt', image.alt)]
  if (image.decorative) lines.push(field(' ', 'decorative', true))
  const variants = image.variants.map(({ media, id }): Json => [media, id])
  if (variants.length > 0) lines.push(field(' ', 'variants', variants))
  if (image.bought) lines.push(...recordLines(image.bought, ' '))
  if (image.refused !== null) lines.push(field(' ', 'refused', image.refused))
  if (image.draft) lines.push(` "draft": {\n${draftLines(image.draft).join(',\n')}\n }`)
  const others = image.others.map((other) => `  {\n${recordLines(other, '   ').join(',\n')}\n  }`)
  if (others.length > 0) lines.push(` "others": [\n${others.join(',\n')}\n ]`)
  return lines
}

function draftLines(draft: LockDraft): string[] {
  return [field('  ', 'by', draft.by), ...recordLines(draft, '  ')]
}

function recordLines(record: LockRecord, indent: string): string[] {
  const { original, parts } = record
  const lines = [
    field(indent, 'model', record.model),
    field(indent, 'request', record.request),
    field(indent, 'declared', record.declared),
    field(indent, 'parts', [
      parts.model,
      parts.prompt,
      parts.style,
      parts.aspect,
      parts.params,
      parts.reroll,
    ]),
    field(indent, 'aspect', record.aspect),
    field(indent, 'original', originalFacts(original)),
  ]
  if (record.candidates !== 1) lines.push(field(indent, 'candidates', record.candidates))
  if (record.pick !== 1) lines.push(field(indent, 'pick', record.pick))
  if (record.lapsed) lines.push(field(indent, 'lapsed', [record.lapsed.pick, record.lapsed.request]))
  if (record.focus) lines.push(field(indent, 'focus', record.focus))
  if (record.placeholder) {
    const { thumbhash, colour, image } = record.placeholder
    lines.push(field(indent, 'placeholder', [thumbhash, colour, image]))
  }
  lines.push(field(indent, 'recipes', record.recipes))
  if (record.filename !== DEFAULT_FILENAME) lines.push(field(indent, 'filename', record.filename))
  if (record.dropped.length > 0) {
    lines.push(
      field(
        indent,
        'dropped',
        record.dropped.map(({ format, width }) => `${width}.${format}`),
      ),
    )
  }
  if (record.tooLarge.length > 0) {
    const reached = record.tooLarge.map(({ format, width, bytes, quality }): [string, Json] => [
      `${width}.${format}`,
      quality === null ? [bytes] : [bytes, { quality }],
    ])
    lines.push(field(indent, 'tooLarge', Object.fromEntries(reached)))
  }
  const outputs = record.outputs.map((output) => outputLine(output, indent))
  lines.push(
    outputs.length === 0
      ? `${indent}"outputs": {}`
      : `${indent}"outputs": {\n${outputs.join(',\n')}\n${indent}}`,
  )
  return lines
}

function originalFacts({ sha256, format, width, height, bytes, alpha, c2pa }: Original): Json {
  const origin = c2pa ? [{ c2pa: c2pa.sha256, generator: c2pa.generator }] : []
  return [sha256, format, width, height, bytes, ...(alpha ? ['alpha'] : []), ...origin]
}

function outputLine(output: LockOutput, indent: string): string {
  const facts: Json[] = [output.sha256, output.bytes, output.height]
  if (output.hash !== null) facts.push(output.hash)
  if (output.quality !== null) facts.push({ quality: output.quality })
  return `${indent} "${output.width}.${output.format}": ${JSON.stringify(facts)}`
}

/** The names are ours, and need no escapes. */
function field(indent: string, name: string, value: Json): string {
  return `${indent}"${name}": ${JSON.stringify(value)}`
}
