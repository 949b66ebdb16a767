import { FORMATS } from './image.ts'
import { ORIGINAL_FORMATS } from './read-lock-image.ts'

/** A text without escapes: what stands between the quotes is the text. */
const TEXT = String.raw`"([^"\\\x00-\x1f]*)"`
/** Not below nothing, and so small that it is exact. */
const WHOLE = String.raw`(0|[1-9]\d{0,14})`
const SHARE = String.raw`(0|1|0\.\d+)`
const BASE64 = '"([A-Za-z0-9+/]+={0,2})"'
const FORMAT = `(${FORMATS.join('|')})`
const NAME = String.raw`"(\d+\.${uncaptured(FORMAT)})"`
/** These are left to JSON. */
const RECIPES = String.raw`(\{${listed(`"${FORMAT}":${TEXT}`)}\})`
const DROPPED = String.raw`(\[${listed(NAME)}\])`
const C2PA = String.raw`(\{"c2pa":${uncaptured(TEXT)},"generator":(?:null|${uncaptured(TEXT)})\})`
const FILENAME = maybe(line('filename', TEXT))

/** A plainly bought picture down to its first output, as `printLock` prints it. */
export const HEAD: string = [
  String.raw`${TEXT}: \{\n`,
  maybe(line('alt', TEXT)),
  maybe(line('decorative', '(true)')),
  line('model', TEXT),
  line('request', TEXT),
  line('declared', TEXT),
  line('parts', String.raw`\[${TEXT},${TEXT},${TEXT},${TEXT},${TEXT},${TEXT}\]`),
  line('aspect', TEXT),
  line(
    'original',
    String.raw`\[${TEXT},"(${ORIGINAL_FORMATS.join('|')})",${WHOLE},${WHOLE},${WHOLE}(,"alpha")?(?:,${C2PA})?\]`,
  ),
  maybe(line('candidates', WHOLE)),
  maybe(line('pick', WHOLE)),
  maybe(line('focus', String.raw`\[${SHARE},${SHARE}\]`)),
  maybe(line('placeholder', String.raw`\[${BASE64},"(#[0-9a-f]{6})",${BASE64}\]`)),
  line('recipes', RECIPES),
  FILENAME,
  maybe(line('dropped', DROPPED)),
  String.raw` "outputs": \{\n`,
].join('')

const FILE = String.raw`  ${NAME}: \[${TEXT},${WHOLE},${WHOLE}(?:,${TEXT})?(?:,\{"quality":${WHOLE}\})?\]`
const END = String.raw`\n \}\n\}`

/** An output and what stands behind it: another one, or the end of the block. */
export const OUTPUT: string = String.raw`${FILE}(,\n|${END})`

/** A whole block whose files have the usual names; no group of it is kept. */
export const BLOCK: string = uncaptured(String.raw`${HEAD.replace(FILENAME, '')}${FILE}(?:,\n${FILE})*${END}`)

/** A pattern whose groups are not kept. */
function uncaptured(pattern: string): string {
  return pattern.replaceAll(/(?<!\\)\((?!\?)/g, '(?:')
}

/** None, one or more of it, none of them kept. */
function listed(pattern: string): string {
  return uncaptured(`(${pattern}(,${pattern})*)?`)
}

function line(name: string, value: string): string {
  return ` "${name}": ${value},\n`
}

function maybe(lines: string): string {
  return `(?:${lines})?`
}
