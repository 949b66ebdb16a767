import { CYRILLIC } from './glyphs/cyrillic.ts'
import { GREEK } from './glyphs/greek.ts'
import { LATIN } from './glyphs/latin.ts'
import { LATIN_EXTENDED } from './glyphs/latin-extended.ts'
import { PUNCTUATION } from './glyphs/punctuation.ts'

/** Font units to one em; a capital letter is about 727 of them high. */
export const EM = 1000

/** One character's outline. */
export interface Glyph {
  /** Font units from this character's origin to the next one's. */
  readonly advance: number
  /** Relative path data, y downwards from the base line; it begins with `m` seen from the origin. */
  readonly path: string
}

/** Outlines by character: Latin, Latin-1, Latin Extended-A, Greek, Cyrillic, punctuation and arrows. */
export const GLYPHS: ReadonlyMap<string, Glyph> = new Map(
  [LATIN, LATIN_EXTENDED, GREEK, CYRILLIC, PUNCTUATION].flatMap((table) => table.split('\n').map(readGlyph)),
)

function readGlyph(line: string): readonly [string, Glyph] {
  const blank = line.indexOf(' ', 1)
  return [line.slice(0, 1), { advance: Number(line.slice(1, blank)), path: line.slice(blank + 1) }]
}
