import type { Basis } from './derivation.ts'
import type { Image } from './image.ts'
import { ADOPTED } from './take-index.ts'

/** The model of a picture that an index lists without saying who made it. */
export const UNKNOWN_MODEL = 'unknown'

/** What a file says inside itself of where it comes from. All of it is in its recipe digest. */
export interface Marks {
  /** How it was made, a word of the IPTC vocabulary; null where that is not known. */
  readonly source: 'trainedAlgorithmicMedia' | 'algorithmicMedia' | null
  /** Who made it, and with which model; null where that is not known, and for stand-ins. */
  readonly system: string | null
  readonly model: string | null
  readonly description: string | null
  readonly credit: string | null
  readonly prompt: string | null
}

/**
 * What an image's files have to say. Nothing is claimed that is not known: a stand-in was drawn by a program and by no
 * model, and of an original that nobody saw being bought only what a person wrote is said. Null for nothing at all.
 */
export function marksOf(image: Image, basis: Basis): Marks | null {
  const { level, credit, prompt } = image.recipe.provenance
  if (level === 'off') return null
  const known = basis.draft === null && isKnown(basis)
  const [system = null, ...model] = known ? basis.model.split('/') : []
  const full = level === 'full'
  const inStep = basis.request === image.requestKey || basis.declared === image.declared
  const marks: Marks = {
    source: sourceOf(basis),
    system,
    model: model.length > 0 ? model.join('/') : null,
    description: full ? image.alt : null,
    credit: full ? credit : null,
    prompt: full && prompt && inStep && isKnown(basis) ? image.request.prompt : null,
  }
  return Object.values(marks).some((mark) => mark !== null) ? marks : null
}

function sourceOf(basis: Basis): Marks['source'] {
  if (basis.draft !== null) return 'algorithmicMedia'
  return isKnown(basis) ? 'trainedAlgorithmicMedia' : null
}

/** A picture that somebody brought along may be a photograph. */
function isKnown({ model }: Basis): boolean {
  return model !== UNKNOWN_MODEL && model !== ADOPTED
}

const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/'
/** A JPEG takes 65,502 bytes of XMP; three bytes a character leave room. */
const MOST_CHARACTERS = 8_000

/** The marks as an XMP packet: IPTC photo metadata 2025.1, which picture searches and shops read. */
export function xmpPacket(marks: Marks): string {
  const about = SOURCE_TYPES + (marks.source ?? '')
  const attributes = [
    attribute('xmp:CreatorTool', 'pixelkiln'),
    attribute('Iptc4xmpExt:DigitalSourceType', marks.source === null ? null : about),
    attribute('Iptc4xmpExt:AISystemUsed', marks.system),
    attribute('Iptc4xmpExt:AISystemVersionUsed', marks.model),
    attribute('Iptc4xmpExt:AIPromptInformation', marks.prompt),
    attribute('photoshop:Credit', marks.credit),
  ].join('')
  const description =
    marks.description === null
      ? ''
      : `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(marks.description)}</rdf:li></rdf:Alt></dc:description>`
  const spaces = Object.entries(SPACES)
    .filter(([prefix]) => attributes.includes(` ${prefix}:`) || description.includes(`<${prefix}:`))
    .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
    .join('')
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""${spaces}${attributes}>${description}</rdf:Description></rdf:RDF></x:xmpmeta>`
}

const SPACES: Readonly<Record<string, string>> = {
  xmp: 'http://ns.adobe.com/xap/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
}

function attribute(name: string, value: string | null): string {
  return value === null ? '' : ` ${name}="${escaped(value)}"`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Texts come from manifests and from the names that providers give their models: nothing in them may end an attribute, and what XML cannot hold is left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .slice(0, MOST_CHARACTERS)
    .replace(/[\uD800-\uDBFF]$/, '')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
