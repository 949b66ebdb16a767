// Writes src/providers/sketch/glyphs/*.ts from the WOFF files of Inter SemiBold (SIL Open Font License 1.1).
// Run once, by hand, when the font or the choice of characters changes:
//   node test/support/write-glyphs.mjs FOLDER   (the `files` folder of the npm package @fontsource/inter)
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'

const TARGET = join(import.meta.dirname, '../../src/providers/sketch/glyphs')
const UNITS = 1000
const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic']

const ranges = (...pairs) =>
  pairs.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
const MODULES = [
  {
    file: 'latin',
    name: 'LATIN',
    codes: ranges([0x20, 0x7e], [0xa1, 0xff]),
    says: 'Basic Latin and Latin-1',
  },
  {
    file: 'latin-extended',
    name: 'LATIN_EXTENDED',
    codes: ranges([0x100, 0x17f], [0x218, 0x21b], [0x1e9e, 0x1e9e]),
    says: 'Latin Extended-A',
  },
  { file: 'greek', name: 'GREEK', codes: ranges([0x384, 0x3ce]), says: 'Greek' },
  {
    file: 'cyrillic',
    name: 'CYRILLIC',
    codes: ranges([0x400, 0x45f], [0x490, 0x491], [0x2116, 0x2116]),
    says: 'Cyrillic',
  },
  {
    file: 'punctuation',
    name: 'PUNCTUATION',
    codes: [
      ...ranges([0x2010, 0x2015], [0x2018, 0x2022]),
      0x2026,
      0x2030,
      0x2032,
      0x2033,
      0x2039,
      0x203a,
      0x2044,
      0x20ac,
      0x2122,
      0x2190,
      0x2191,
      0x2192,
      0x2193,
      0x2212,
    ],
    says: 'punctuation, signs and arrows',
  },
]

const fonts = SUBSETS.map((subset) => readFont(join(process.argv[2], `inter-${subset}-600-normal.woff`)))
for (const module of MODULES) writeFileSync(join(TARGET, `${module.file}.ts`), printModule(module))

function printModule({ name, codes, says }) {
  const lines = codes.flatMap((code) => {
    const glyph = glyphOf(code)
    return glyph === null ? [] : [`${String.fromCodePoint(code)}${glyph.advance} ${glyph.path}`]
  })
  const text = lines.join('\n').replace(/[\\`]|\$\{/g, (found) => `\\${found}`)
  return `/** Outlines of Inter SemiBold for ${says}: a line for each character, read by ../glyphs.ts. Written by test/support/write-glyphs.mjs; licence in OFL.txt. */\nexport const ${name} = \`${text}\`\n`
}

function glyphOf(code) {
  if (code === 0x2190 || code === 0x2192) return turned(glyphIn(0x2191), code === 0x2192)
  return glyphIn(code)
}

// The subsets hold only the upright arrows; the others are the same arrow, turned by a quarter.
function turned({ advance, contours }, right) {
  const points = contours.flat()
  const middle = (Math.min(...points.map((p) => p.y)) + Math.max(...points.map((p) => p.y))) / 2
  const turn = ({ x, y, on }) => ({
    x: advance / 2 + (y - middle) * (right ? 1 : -1),
    y: middle + (advance / 2 - x) * (right ? 1 : -1),
    on,
  })
  const spun = contours.map((contour) => contour.map(turn))
  const left = Math.min(...spun.flat().map((p) => p.x))
  const wide = Math.max(...spun.flat().map((p) => p.x)) - left
  return printed(
    Math.round(wide + 120),
    spun.map((contour) => contour.map((p) => ({ ...p, x: p.x - left + 60 }))),
  )
}

function glyphIn(code) {
  for (const font of fonts) {
    const index = font.glyphOf(code)
    if (index === 0) continue
    const scale = UNITS / font.unitsPerEm
    const contours = font
      .contours(index)
      .map((contour) => contour.map(({ x, y, on }) => ({ x: x * scale, y: y * scale, on })))
    return printed(Math.round(font.advance(index) * scale), contours)
  }
  return null
}

// Relative path data in whole units, y downwards; every contour starts where the one before it started.
function printed(advance, contours) {
  let path = ''
  let pen = { x: 0, y: 0 }
  for (const contour of contours) {
    const [first, ...steps] = quadratics(contour)
    const start = whole(first)
    path += `m${offset(pen, start)}`
    pen = start
    for (const step of steps) {
      const end = whole(step)
      path += step.control === undefined ? straight(pen, end) : curved(pen, whole(step.control), end)
      pen = end
    }
    path += 'z'
    pen = start
  }
  return { advance, contours, path }
}

function whole({ x, y }) {
  return { x: Math.round(x), y: Math.round(-y) }
}

function straight(from, to) {
  if (from.x === to.x && from.y === to.y) return ''
  if (from.y === to.y) return `h${to.x - from.x}`
  return from.x === to.x ? `v${to.y - from.y}` : `l${offset(from, to)}`
}

function curved(from, control, to) {
  return `q${offset(from, control)} ${offset(from, to)}`.replace(/ -/g, '-')
}

function offset(from, to) {
  return `${to.x - from.x} ${to.y - from.y}`.replace(' -', '-')
}

// TrueType leaves out on-curve points half-way between two control points.
function quadratics(contour) {
  const first = contour.findIndex((point) => point.on)
  const ring = [...contour.slice(first), ...contour.slice(0, first)]
  const steps = [ring[0]]
  for (let i = 1; i <= ring.length; i++) {
    const point = ring[i % ring.length]
    if (point.on) {
      if (i < ring.length) steps.push({ x: point.x, y: point.y })
      continue
    }
    const next = ring[(i + 1) % ring.length]
    const end = next.on ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    steps.push({ x: end.x, y: end.y, control: point })
    if (next.on) i += 1
  }
  return steps
}

function readFont(file) {
  const tables = readTables(readFileSync(file))
  const { head, maxp, hhea, hmtx, loca, glyf, cmap } = tables
  const long = head.readInt16BE(50) === 1
  const metrics = hhea.readUInt16BE(34)
  const place = (index) => (long ? loca.readUInt32BE(index * 4) : loca.readUInt16BE(index * 2) * 2)
  const contours = (index) => {
    const from = place(index)
    const to = place(index + 1)
    if (from === to) return []
    const data = glyf.subarray(from, to)
    return data.readInt16BE(0) >= 0 ? simpleContours(data) : compositeContours(data, contours)
  }
  return {
    unitsPerEm: head.readUInt16BE(18),
    glyphs: maxp.readUInt16BE(4),
    advance: (index) => hmtx.readUInt16BE(Math.min(index, metrics - 1) * 4),
    glyphOf: readCmap(cmap),
    contours,
  }
}

function readTables(woff) {
  const tables = {}
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const entry = 44 + i * 20
    const offset = woff.readUInt32BE(entry + 4)
    const packed = woff.readUInt32BE(entry + 8)
    const length = woff.readUInt32BE(entry + 12)
    const data = woff.subarray(offset, offset + packed)
    tables[woff.toString('latin1', entry, entry + 4).trim()] = packed < length ? inflateSync(data) : data
  }
  return tables
}

function readCmap(cmap) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + i * 8 + 4))
    if (table.readUInt16BE(0) === 4) return (code) => lookUp(table, code)
  }
  throw new Error('the font has no character map of format 4')
}

function lookUp(table, code) {
  const twice = table.readUInt16BE(6)
  for (let i = 0; i < twice; i += 2) {
    const end = table.readUInt16BE(14 + i)
    const start = table.readUInt16BE(16 + twice + i)
    if (code < start || code > end) continue
    const delta = table.readUInt16BE(16 + 2 * twice + i)
    const at = 16 + 3 * twice + i
    const offset = table.readUInt16BE(at)
    if (offset === 0) return (code + delta) & 0xffff
    const glyph = table.readUInt16BE(at + offset + (code - start) * 2)
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff
  }
  return 0
}

function simpleContours(data) {
  const count = data.readInt16BE(0)
  const ends = Array.from({ length: count }, (_, i) => data.readUInt16BE(10 + i * 2))
  const total = ends.at(-1) + 1
  let at = 10 + count * 2
  at += 2 + data.readUInt16BE(at)
  const flags = []
  while (flags.length < total) {
    const flag = data[at++]
    const repeats = flag & 8 ? data[at++] : 0
    for (let i = 0; i <= repeats; i++) flags.push(flag)
  }
  const axis = (short, same) => {
    let value = 0
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? data[at++] : -data[at++]
      else if (!(flag & same)) {
        value += data.readInt16BE(at)
        at += 2
      }
      return value
    })
  }
  const xs = axis(2, 16)
  const ys = axis(4, 32)
  const points = flags.map((flag, i) => ({ x: xs[i], y: ys[i], on: (flag & 1) === 1 }))
  return ends.map((end, i) => points.slice(i === 0 ? 0 : ends[i - 1] + 1, end + 1))
}

function compositeContours(data, contoursOf) {
  const contours = []
  let at = 10
  let flags
  do {
    flags = data.readUInt16BE(at)
    const index = data.readUInt16BE(at + 2)
    const words = flags & 1
    const dx = words ? data.readInt16BE(at + 4) : data.readInt8(at + 4)
    const dy = words ? data.readInt16BE(at + 6) : data.readInt8(at + 5)
    at += words ? 8 : 6
    const f2 = () => data.readInt16BE((at += 2) - 2) / 16384
    let matrix = [1, 0, 0, 1]
    if (flags & 8) matrix = ((s) => [s, 0, 0, s])(f2())
    else if (flags & 64) matrix = [f2(), 0, 0, f2()]
    else if (flags & 128) matrix = [f2(), f2(), f2(), f2()]
    const [a, b, c, d] = matrix
    for (const contour of contoursOf(index))
      contours.push(contour.map(({ x, y, on }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, on })))
  } while (flags & 32)
  return contours
}
