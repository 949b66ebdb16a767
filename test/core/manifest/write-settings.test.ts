import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writeSettings } from '../../../src/core/manifest/write-settings.ts'
import type { Setting } from '../../../src/core/manifest/setting.ts'
import type { Json } from '../../../src/core/image.ts'

/** The text after one setting; fails the test when it is refused. */
function written(text: string, path: readonly string[], value: Json | undefined): string {
  const result = writeSettings(text, [{ path, value }])
  if ('refused' in result) throw new Error(`refused: ${result.refused}\n${text}`)
  return result.text
}

function inImages(images: string): string {
  return `version: 1\nimages:\n${images}`
}

describe('a setting that is not there yet', () => {
  it.each([
    ['a block', '  a:\n    prompt: x\n', '  a:\n    prompt: x\n    reroll: 1\n'],
    ['a file without a last line break', '  a:\n    prompt: x', '  a:\n    prompt: x\n    reroll: 1'],
    [
      'odd indentation',
      '      a:\n         prompt: x\n',
      '      a:\n         prompt: x\n         reroll: 1\n',
    ],
    [
      'comments of its own and of the next image',
      '  a:\n    prompt: x # words\n    # tail of a\n\n  # about b\n  b: { prompt: y }\n',
      '  a:\n    prompt: x # words\n    # tail of a\n    reroll: 1\n\n  # about b\n  b: { prompt: y }\n',
    ],
    [
      'a block of text at its end',
      '  a:\n    prompt: |\n      one\n\n      two\n\n  b: { prompt: y }\n',
      '  a:\n    prompt: |\n      one\n\n      two\n    reroll: 1\n\n  b: { prompt: y }\n',
    ],
    [
      'a text that keeps its blank lines',
      '  a:\n    prompt: >+\n      one\n\n\n  b: { prompt: y }\n',
      '  a:\n    prompt: >+\n      one\n\n\n    reroll: 1\n  b: { prompt: y }\n',
    ],
    [
      'a text over several lines',
      '  a:\n    prompt: one\n      two\n    # tail\n',
      '  a:\n    prompt: one\n      two\n    # tail\n    reroll: 1\n',
    ],
    ['a flow map', '  a: { prompt: x } # c\n', '  a: { prompt: x, reroll: 1 } # c\n'],
    ['a trailing comma', '  a: { prompt: x, }\n', '  a: { prompt: x, reroll: 1, }\n'],
    [
      'a flow map over lines with comments',
      '  a: {\n    prompt: x # c, d\n  }\n',
      '  a: {\n    prompt: x, # c, d\n    reroll: 1\n  }\n',
    ],
    ['JSON', '  "a": {\n    "prompt": "x"\n  }\n', '  "a": {\n    "prompt": "x",\n    "reroll": 1\n  }\n'],
    ['single quotes', "  a: { 'prompt': x }\n", "  a: { 'prompt': x, 'reroll': 1 }\n"],
    ['an anchor that nobody uses', '  a: &a\n    prompt: x\n', '  a: &a\n    prompt: x\n    reroll: 1\n'],
  ])('is written behind what is there: %s', (_, before, after) => {
    expect(written(inImages(before), ['images', 'a', 'reroll'], 1)).toBe(inImages(after))
  })

  it('keeps the line ends and the mark of a Windows file', () => {
    const before = '\uFEFFversion: 1\r\nimages:\r\n  a:\r\n    prompt: x\r\n  b: { prompt: y }\r\n'
    const after = written(before, ['images', 'a', 'reroll'], 1)
    expect(after).toBe(before.replace('prompt: x\r\n', 'prompt: x\r\n    reroll: 1\r\n'))
  })

  it('of a cell makes what lies around it', () => {
    const path = ['images', 'a', 'each', 'teal', 'pin']
    const matrix = '  a:\n    prompt: x\n    matrix: { c: [teal, "1"] }\n'
    const first = written(inImages(matrix), path, '123456789012')
    expect(first).toBe(inImages(`${matrix}    each: { teal: { pin: "123456789012" } }\n`))
    const second = written(first, ['images', 'a', 'each', '1', 'focus'], [0.25, 1])
    expect(second).toContain('each: { teal: { pin: "123456789012" }, "1": { focus: [0.25, 1] } }')
    const block = `${matrix}    each:\n      teal: # mine\n        alt: t\n      "1": { alt: u }\n`
    expect(written(inImages(block), path, 'abcdef123456')).toContain(
      '      teal: # mine\n        alt: t\n        pin: abcdef123456\n      "1"',
    )
    expect(written(inImages(`${matrix}    each: {}\n`), path, 'abcdef123456')).toContain(
      '    each: { teal: { pin: abcdef123456 } }\n',
    )
    expect(written(inImages(`${matrix}    each:   # none\n`), path, 'abcdef123456')).toContain(
      '    each: { teal: { pin: abcdef123456 } }   # none\n',
    )
  })
})

describe('a setting that is there', () => {
  it.each([
    ['a number', 'reroll: 1   # again', 'reroll: 2   # again'],
    ['nothing', 'reroll:   # later', 'reroll: 2   # later'],
    ['an alias', 'reroll: *n', 'reroll: 2'],
    ['an anchor that nobody uses', 'reroll: &mine 1', 'reroll: &mine 2'],
  ])('changes its value only: %s', (_, before, after) => {
    const text = inImages(`  z: { prompt: z, pick: &n 3 }\n  a:\n    ${before}\n    prompt: x\n`)
    expect(written(text, ['images', 'a', 'reroll'], 2)).toBe(text.replace(before, after))
  })

  it.each([
    ['plain', 'pin: aaaaaaaaaaaa', 'pin: "123456789012"'],
    ['in double quotes', 'pin: "aaaaaaaaaaaa"', 'pin: "123456789012"'],
    ['in single quotes', "pin: 'aaaaaaaaaaaa'", "pin: '123456789012'"],
    ['as a block', 'pin: |-\n      aaaaaaaaaaaa', 'pin: "123456789012"'],
    ['as a list', 'pin:\n    - a', 'pin: "123456789012"'],
  ])('keeps its quotes, and is quoted where digits would be a number: %s', (_, before, after) => {
    const text = inImages(`  a:\n    ${before}\n    prompt: x\n`)
    expect(written(text, ['images', 'a', 'pin'], '123456789012')).toBe(text.replace(before, after))
  })
})

describe('a setting that is taken out', () => {
  it.each([
    ['a line', '  a:\n    pin: aa # good\n    prompt: x\n', '  a:\n    prompt: x\n'],
    ['the last line of a file', '  a:\n    prompt: x\n    pin: aa', '  a:\n    prompt: x'],
    ['the first of a flow map', '  a: { pin: aa, prompt: x }\n', '  a: { prompt: x }\n'],
    ['the last of a flow map', '  a: { prompt: x, pin: aa }\n', '  a: { prompt: x }\n'],
    [
      'the last of a flow map over lines',
      '  a: {\n    prompt: x, # c, d\n    pin: aa\n  }\n',
      '  a: {\n    prompt: x # c, d\n  }\n',
    ],
  ])('leaves the rest alone: %s', (_, before, after) => {
    expect(written(inImages(before), ['images', 'a', 'pin'], undefined)).toBe(inImages(after))
  })

  it('takes a cell along that says nothing else', () => {
    const path = ['images', 'a', 'each', 't', 'pin']
    const text = inImages('  a:\n    prompt: x\n    matrix: { c: [t, u] }\n    each:\n      t: { pin: aa }\n')
    expect(written(text, path, undefined)).toBe(inImages('  a:\n    prompt: x\n    matrix: { c: [t, u] }\n'))
    const more = `${text}      u: { pin: bb }\n`
    expect(written(more, path, undefined)).toBe(more.replace('      t: { pin: aa }\n', ''))
  })
})

describe('an edit that would change something else', () => {
  it.each([
    ['an image that is an alias', '  a: &a { prompt: x }\n  b: *a\n', ['images', 'b', 'reroll']],
    ['an image that an alias repeats', '  b: &a { prompt: x }\n  c: *a\n', ['images', 'b', 'reroll']],
    [
      'a value that an alias repeats',
      '  b: { prompt: x, reroll: &r 1 }\n  c: { prompt: y, reroll: *r }\n',
      ['images', 'b', 'reroll'],
    ],
    ['a key with a question mark', '  b:\n    prompt: x\n    ? reroll\n', ['images', 'b', 'reroll']],
  ])('is refused: %s', (_, images, path) => {
    expect(writeSettings(inImages(images), [{ path, value: 5 }])).toHaveProperty('refused')
  })
})

const COMMENT = fc.constantFrom('', ' # note', ' # a, b: {c}')
const COMMENTS = /# (?:v|note|a, b: \{c\})|#tail/g
const WORDS = fc.constantFrom('A mug', 'one: two', "it's", 'x'.repeat(90), '- dash', 'a # b', 'é “q”')

interface Style {
  readonly kind: 'block' | 'flow' | 'lines' | 'json'
  readonly comment: string
  readonly blank: boolean
  readonly text: 'plain' | 'single' | 'double' | 'literal'
}

const STYLE: fc.Arbitrary<Style> = fc.record({
  kind: fc.constantFrom('block', 'flow', 'lines', 'json'),
  comment: COMMENT,
  blank: fc.boolean(),
  text: fc.constantFrom('plain', 'single', 'double', 'literal'),
})

type Pairs = readonly (readonly [string, string | number | readonly number[]])[]

/** Settings of one image as somebody may have written them. */
const PAIRS: fc.Arbitrary<Pairs> = fc
  .tuple(
    WORDS,
    fc.option(fc.nat(9)),
    fc.option(fc.constantFrom('abcdef123456', '123456789012')),
    fc.option(fc.constant([0.25, 0.5] as const)),
    fc.option(WORDS),
  )
  .chain(([prompt, reroll, pin, focus, alt]) => {
    const given: [string, string | number | readonly number[]][] = [['prompt', prompt]]
    if (reroll !== null) given.push(['reroll', reroll])
    if (pin !== null) given.push(['pin', pin])
    if (focus !== null) given.push(['focus', focus])
    if (alt !== null) given.push(['alt', alt])
    return fc.shuffledSubarray(given, { minLength: given.length })
  })

function scalar(value: string | number | readonly number[], style: Style, indent: string): string {
  if (typeof value !== 'string') return JSON.stringify(value).replaceAll(',', ', ')
  if (style.kind === 'json' || style.text === 'double') return JSON.stringify(value)
  if (style.text === 'literal' && style.kind === 'block')
    return `|${style.blank ? '+' : ''}\n${indent}    ${value}`
  if (style.text === 'plain' && /^[A-Za-z ]+$/.test(value)) return value
  return `'${value.replaceAll("'", "''")}'`
}

function imageText(id: string, pairs: Pairs, style: Style): string {
  const written = pairs.map(([key, value]) => {
    const name = style.kind === 'json' ? JSON.stringify(key) : key
    return `${name}: ${scalar(value, style, '  ')}`
  })
  const { comment, kind, blank } = style
  switch (kind) {
    case 'block': {
      const lines = written.map((line) => `    ${line}${line.includes('|') ? '' : comment}\n`)
      return `  ${id}:${comment}\n${lines.join('')}${comment === '' ? '' : `    #tail\n`}${blank ? '\n' : ''}`
    }
    case 'flow':
      return `  ${id}: { ${written.join(', ')}${blank ? ', ' : ' '}}${comment}\n`
    case 'lines':
    case 'json': {
      const last = written.length - 1
      const lines = written.map((line, at) => `    ${line}${at < last || blank ? ',' : ''}${comment}\n`)
      return `  ${kind === 'json' ? JSON.stringify(id) : id}: {\n${lines.join('')}  }${comment}\n`
    }
  }
}

const IMAGES = fc
  .uniqueArray(fc.constantFrom('a', 'home/hero', 'b-c', 'z9'), { minLength: 1 })
  .chain((ids) =>
    fc
      .tuple(...ids.map((id) => fc.tuple(PAIRS, STYLE).map(([pairs, style]) => imageText(id, pairs, style))))
      .map((texts) => ({ ids, text: `version: 1 # v\nimages:\n${texts.join('')}` })),
  )

const FORM = fc.record({ crlf: fc.boolean(), mark: fc.boolean(), lastBreak: fc.boolean() })

const VALUE: fc.Arbitrary<readonly [string, Json]> = fc.oneof(
  fc.nat(99).map((n) => ['reroll', n] as const),
  fc.constantFrom('0123456789ab', '123456789012', '1234567890e1').map((n) => ['pin', n] as const),
  fc.constantFrom('center', [0.125, 1]).map((n) => ['focus', n] as const),
)

const CASE = fc
  .tuple(IMAGES, FORM, VALUE, fc.nat(3), fc.boolean())
  .map(([{ ids, text }, { crlf, mark, lastBreak }, [key, value], which, cell]) => {
    const ended = lastBreak ? text : text.trimEnd()
    const form = `${mark ? '\uFEFF' : ''}${crlf ? ended.replaceAll('\n', '\r\n') : ended}`
    const id = ids[which % ids.length] ?? ''
    const path = ['images', id, ...(cell ? ['each', 'dark-blue'] : []), key]
    return { text: form, setting: { path, value } satisfies Setting }
  })

/** What another YAML reader than our own makes of it. */
function meaning(text: string): Record<string, Record<string, Record<string, unknown>>> {
  return parse(text.replace(/^\uFEFF/, '')) as ReturnType<typeof meaning>
}

describe('over many shapes of manifests', () => {
  it('an edit says what it should, and every other line stays as it was', () => {
    fc.assert(
      fc.property(CASE, ({ text, setting }) => {
        const { path, value } = setting
        const after = written(text, path, value)
        const expected = meaning(text)
        const [, id = '', ...rest] = path
        let inner: Record<string, unknown> = expected['images']?.[id] ?? {}
        for (const key of rest.slice(0, -1)) {
          inner[key] ??= {}
          inner = inner[key] as Record<string, unknown>
        }
        inner[rest.at(-1) ?? ''] = value
        expect(meaning(after)).toEqual(expected)
        const lines = after.split('\n')
        const lost = text.split('\n').filter((line) => !lines.includes(line))
        expect(lost.length).toBeLessThanOrEqual(2)
        expect(after.match(COMMENTS)).toEqual(text.match(COMMENTS))
      }),
      { numRuns: 150 },
    )
  })

  it('what was written and is taken out again leaves the text as it was', () => {
    fc.assert(
      fc.property(CASE, ({ text, setting: { path, value } }) => {
        const image = meaning(text)['images']?.[path[1] ?? ''] ?? {}
        fc.pre(image[path[2] ?? ''] === undefined)
        expect(written(written(text, path, value), path, undefined)).toBe(text)
      }),
      { numRuns: 150 },
    )
  })
})
