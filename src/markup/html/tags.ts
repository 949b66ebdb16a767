/** One tag of a page, with the offsets of its text. */
export interface Tag {
  readonly kind: 'start' | 'end'
  /** Lower case. */
  readonly name: string
  /** Of the `<`, and of what follows the `>`. */
  readonly start: number
  readonly end: number
  readonly attributes: readonly Attribute[]
  /** True when it ends with `/>`. */
  readonly closed: boolean
}

export interface Attribute {
  /** Lower case. */
  readonly name: string
  /** As written, with entities; empty where there is none. */
  readonly value: string
  readonly start: number
  readonly end: number
}

/** Elements whose content is text to a browser, whatever it looks like. */
const TEXT_ELEMENTS = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
])

/**
 * Reads a page's tags as a browser would: comments, scripts and other text are passed over, attributes may be quoted
 * in any way. Lazily, and in one pass. What a browser would not take for a tag is none.
 */
export function* readTags(html: string): Generator<Tag> {
  let at = 0
  /** Inside svg or math, where CDATA exists. */
  let foreign = 0
  for (;;) {
    const start = html.indexOf('<', at)
    if (start === -1) return
    const passed = endOfRemark(html, start, foreign > 0)
    if (passed !== null || !/^<\/?[a-z]/i.test(html.slice(start, start + 3))) {
      at = passed ?? start + 1
      continue
    }
    const tag = readTag(html, start)
    if (!tag) return
    yield tag
    at = tag.end
    if (tag.name === 'plaintext') return
    if (tag.name === 'svg' || tag.name === 'math') {
      foreign = Math.max(0, foreign + (tag.kind === 'end' ? -1 : tag.closed ? 0 : 1))
    }
    const isText = tag.kind === 'start' && TEXT_ELEMENTS.has(tag.name) && !(tag.closed && foreign > 0)
    if (isText) at = endOfText(html, at, tag.name)
  }
}

/** Where a comment or an instruction that begins here ends; null when none begins. */
function endOfRemark(html: string, start: number, foreign: boolean): number | null {
  const after = (sign: string, from: number): number => {
    const end = html.indexOf(sign, from)
    return end === -1 ? html.length : end + sign.length
  }
  if (html.startsWith('<!--', start)) return endOfComment(html, start + 4)
  if (foreign && html.startsWith('<![CDATA[', start)) return after(']]>', start)
  // A browser ends it at the first >, PHP and its like at ?>; a page is what they leave of it.
  if (/^<\?(php\b|=)/i.test(html.slice(start, start + 6))) return after('?>', start)
  if (/^<(!|\?|\/[^a-z])/i.test(html.slice(start, start + 3))) return after('>', start + 2)
  return null
}

/** `<!-->` and `<!--->` are whole comments, and `--!>` ends one too. */
function endOfComment(html: string, from: number): number {
  const short = /^-?>/.exec(html.slice(from, from + 2))
  if (short) return from + short[0].length
  const end = /--!?>/g
  end.lastIndex = from
  const found = end.exec(html)
  return found ? found.index + found[0].length : html.length
}

const NAME = /[^\s/>]+/y
const ATTRIBUTE = /[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)|(?=>)))?/y
/** After an attribute's name: `="…` that is never closed. */
const OPEN_QUOTE = /\s*=\s*["']/y
const TAG_END = /[\s/]*>/y

/** Null where the page ends inside the tag or inside a quoted value: to a browser there is nothing more. */
function readTag(html: string, start: number): Tag | null {
  const kind = html[start + 1] === '/' ? 'end' : 'start'
  const from = start + (kind === 'end' ? 2 : 1)
  const name = matchAt(NAME, html, from)?.[0] ?? ''
  let at = from + name.length
  const attributes = new Map<string, Attribute>()
  for (;;) {
    const close = matchAt(TAG_END, html, at)
    if (close) {
      const end = at + close[0].length
      return {
        kind,
        name: name.toLowerCase(),
        start,
        end,
        attributes: [...attributes.values()],
        closed: html[end - 2] === '/',
      }
    }
    const found = matchAt(ATTRIBUTE, html, at)
    if (!found) return null
    at += found[0].length
    const attribute = attributeOf(found, at)
    if (attribute.value === null && matchAt(OPEN_QUOTE, html, at)) return null
    const known = attributes.has(attribute.name)
    if (!known) attributes.set(attribute.name, { ...attribute, value: attribute.value ?? '' })
  }
}

function matchAt(pattern: RegExp, html: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(html)
}

function attributeOf(
  [whole, written = '', ...values]: RegExpExecArray,
  end: number,
): Omit<Attribute, 'value'> & { readonly value: string | null } {
  const value = values.find((text) => text !== undefined) ?? null
  const start = end - whole.replace(/^[\s/]+/, '').length
  return { name: written.toLowerCase(), value, start, end }
}

/** Where the content of a text element ends: at its end tag, which is still to be read, or with the page. */
function endOfText(html: string, from: number, name: string): number {
  const signs =
    name === 'script'
      ? /<!--|-->|<(\/?)script(?=[\s/>])/gi
      : new RegExp(String.raw`<(/)${name}(?=[\s/>])`, 'gi')
  signs.lastIndex = from
  // In a script, `<!-- <script>` hides the next `</script>`.
  let state: 'open' | 'comment' | 'nested' = 'open'
  for (let sign = signs.exec(html); sign; sign = signs.exec(html)) {
    if (sign[0] === '-->') state = 'open'
    else if (sign[0] === '<!--') {
      if (state === 'open') state = 'comment'
      // `<!-->` is a whole comment: its dashes count for both ends.
      signs.lastIndex -= 2
    } else if (sign[1] === '') state = state === 'comment' ? 'nested' : state
    else if (state === 'nested') state = 'comment'
    else return sign.index
  }
  return html.length
}
