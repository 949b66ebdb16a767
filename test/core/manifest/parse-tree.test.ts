import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTree, soundTree } from '../../../src/core/manifest/parse-tree.ts'
import { MEANT_ELSEWHERE, standApart } from '../../../src/core/manifest/blocks.ts'
import { headOf, parseHead, printHead } from '../../../src/core/manifest/head.ts'
import { plainBlocks, treeBelow } from '../../../src/core/manifest/plain-blocks.ts'
import { parseYaml } from '../../../src/core/manifest/parse-yaml.ts'

/** One text a line, in which ¶ is a line break, · a blank and → a tab. */
function texts(lines: string): readonly string[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('¶', '\n').replaceAll('·', ' ').replaceAll('→', '\t'))
}

const HEADS = texts(`
version: 1¶images:¶
version: 1¶images:···¶¶
---¶images:¶
%YAML 1.1¶---¶images:¶
\uFEFFimages:¶
images: {}¶images:¶
text: |¶  images:¶images:¶
text: |¶images:¶
text: "¶images:¶
list: [¶images:¶
{¶images:¶
{ version: 1,¶images:¶
images:¶   {¶
images:¶  &all¶
images: &all¶
images:¶- a¶images:¶
a: &x { prompt: y }¶images:¶
`)

const IDS = texts('a\nb\nb/c\nA\na.b\nnull\ntrue\n1\n0x1\n1.5\n1e3')
const ODD_IDS = texts('"q"\n? k\n- s\n&x d\n!!str e\né\na b\n*x·\nconstructor\n__proto__\n<<\n[a]')

const SETTINGS = texts(`
prompt: A cup, and a saucer.
alt: "A cup: red #1"
alt: 'A cup: red #1'
aspect: "16:9"
pick: 2
reroll: 0
style: paper-cut
prompt: a:b#c
alt: ""
focus: [0.25, 1]
focus: [0,0.50]
`)

const ODD_SETTINGS = texts(`
prompt: a: b
prompt: a #b
prompt: ends:
prompt: blank·
prompt:··two
prompt:
prompt: # gone
alt: null
alt: True
alt: FALSE
alt: yes
alt: ~
alt: .5
alt: -1
alt: +1
alt: .inf
alt: .nan
alt: 1_000
alt: 2026-01-01
pick: 012
pick: 0x1F
pick: 1e3
pick: 12345678901234567890
alt: &x text
alt: *x
alt: !t text
alt: !!str 1
params: { a: 1 }
params:¶      a: 1
? a
- a
alt: "a\\nb"
alt: 'it''s'
alt: "open
alt: 'open
alt: [
alt: {
alt: }
alt: {{name}} cup
alt: |¶      text
alt: |+¶      text¶¶
alt: >-¶      text
alt: |1¶      text
alt: a¶      more
alt: a¶¶      more
alt: a¶     # c
alt: "a¶      more"
alt: "a" b
alt: "a" #b
alt: 'a'·
alt : a
<<: b
__proto__: a
constructor: b
null: b
true: c
12: d
"k": x
k.l: x
prompt: \u2028x\u0085
alt: a\u00A0
alt: a\rb
alt: a→b
alt: a→#b
alt: a→
→alt: a
alt: \u0007
focus: [0.25,  1]
focus: [ 0.25, 1]
focus: [.5, 1]
focus: [00.5, 1]
focus: [1, 2]
focus: [0, 1, 0]
focus: [0.5, 1] # c
focus: [0.5, 1]·
focus: [0.5, 1
focus: [0.5, 1]x
focus: [0.5, 1e1]
alt: x\uFEFF
alt: a - b
alt: ? x
`)

const BETWEEN = ['', ...texts('¶\n¶¶\n  # c¶\n# c¶')]
const ODD_BETWEEN = texts(`
····# c¶
······# c¶
·# c¶
···¶
··¶
·¶
---¶
...¶
styles: {}¶
·x: y¶
··x¶
}¶
"¶
··}¶
······deep¶
%TAG¶
····k: v¶
→¶
\r¶
··-¶
images:¶
··*x¶
# c¶····k: v¶
··# c¶······deep¶
`)

/** Mostly the first, so that most texts are plain but for a few lines. */
const mostly = (usual: readonly string[], odd: readonly string[], weight = 12): fc.Arbitrary<string> =>
  fc.oneof(
    { weight, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )

const block = fc
  .record({
    // Mostly names of its own, or nearly every text would have one twice.
    id: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 9999 }).map((number) => `lamp-${number}`) },
      { weight: 2, arbitrary: mostly(IDS, ODD_IDS, 2) },
    ),
    indent: mostly(['  '], ['', ' ', '   ', '    ']),
    after: mostly([''], [' { prompt: x }', ' text', ' *x', ' &y', ' # c', ' ', '\n    '], 20),
    settings: fc.array(mostly(SETTINGS, ODD_SETTINGS), { minLength: 0, maxLength: 3 }),
    deep: mostly(['    '], ['   ', '     ', '  ']),
    between: mostly(BETWEEN, ODD_BETWEEN),
  })
  .map(({ id, indent, after, settings, deep, between }) => {
    const lines = settings.map((setting) => `${deep}${setting}\n`)
    return `${indent}${id}:${after}\n${lines.join('')}${between}`
  })

const manifest = fc
  .record({
    head: mostly(HEADS.slice(0, 2), HEADS.slice(2), 4),
    blocks: fc.array(block, { minLength: 3, maxLength: 9 }),
    tail: mostly(
      [''],
      ['styles: {}\n', '  ', '\n\n', 'emit:\n  data: x.json\n', '"', '# c', '  z:\n    alt: open'],
    ),
  })
  .map(({ head, blocks, tail }) => `${head}${blocks.join('')}${tail}`)

type Parse = (text: string, report: (...told: readonly unknown[]) => void) => unknown

/** Tree and problems as text: the order of a map's entries counts. */
function outcome(parse: Parse, text: string): string {
  const told: unknown[] = []
  const tree = parse(text, (...problem) => told.push(problem))
  return JSON.stringify({ tree, told }, mapsAsLists, 1)
}

function mapsAsLists(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value
}

function image(id: string): string {
  return `  ${id}:\n    prompt: A cup.\n    pick: 2\n\n`
}

describe('a manifest of which most images are plain', () => {
  it('is read as the YAML parser alone reads it, whatever stands between them', () => {
    let plain = 0
    const runs = 400
    fc.assert(
      fc.property(manifest, (text) => {
        if (plainBlocks(text) !== null) plain += 1
        expect(outcome(parseTree, text)).toBe(outcome(parseYaml, text))
      }),
      { numRuns: runs },
    )
    // Or nothing would have been compared.
    expect(plain).toBeGreaterThan(runs / 5)
  })

  it('is read so with any one odd thing in it', () => {
    const [before, after] = [['a', 'b'].map(image).join(''), ['c', 'd', 'e'].map(image).join('')]
    const settings = ODD_SETTINGS.map((line) => `  odd:\n    style: x\n    ${line}\n`)
    const ids = [...IDS, ...ODD_IDS].map((id) => `  ${id}:\n    style: x\n`)
    // A flow map that holds nothing but what was taken for plain images.
    const open = `  odd: { style: x,\n${image('inner')}  }\n`
    const odd = [...settings, ...ids, ...ODD_BETWEEN, open].map(
      (lines) => `images:\n${before}${lines}${after}`,
    )
    const headed = HEADS.map((head) => `${head}${before}  odd:\n    alt: yes\n${after}`)
    for (const text of [...odd, ...headed]) expect(outcome(parseTree, text)).toBe(outcome(parseYaml, text))
  })

  it('hands the YAML parser its first and last plain image and all that are not', () => {
    const odd = '  odd:\n    prompt: >\n      A cup.\n'
    const text = `images:\n${['a', 'b', 'c'].map(image).join('')}${odd}${['d', 'e'].map(image).join('')}`
    const { rest = '', blocks = [] } = plainBlocks(text) ?? {}
    expect(blocks.map(([id]) => id)).toEqual(['b', 'c', 'd'])
    expect(rest).toHaveLength(text.length)
    expect(rest.replaceAll(/^# *\n/gm, '')).toBe(`images:\n${image('a')}${odd}${image('e')}`)
  })

  it('counts its plain images where aliases multiply', () => {
    const bomb = `x: &x [${'1, '.repeat(1_800)}1]\ny: [${'*x, '.repeat(10)}1]\n`
    const outcomes = [3, 50, 55, 60, 70].map((images) => {
      const text = `${bomb}images:\n${Array.from({ length: images }, (_, index) => image(`lamp-${index}`)).join('')}`
      expect(outcome(parseTree, text)).toBe(outcome(parseYaml, text))
      return outcome(parseTree, text).includes('manifest/alias-bomb')
    })
    expect(new Set(outcomes)).toEqual(new Set([true, false]))
  })
})

/** What stands above images, with the settings that a head has. */
const ABOVE = [
  ...HEADS,
  ...texts(`
# c¶version: 1¶defaults: { outputs: { widths: [64, 96], quality: { avif: 50 } } }¶images:¶
styles:¶  ink: { before: "Ink,", params: { seed: 1.5, hd: true } }¶  none: ~¶images:¶# c¶¶
out: a # c¶url:¶images:¶
`),
]

/** The head of a text whose images stand apart, as a later run knows it; null for another text. */
function rememberedHead(text: string): ReturnType<typeof parseHead> {
  const tree = soundTree(text)
  const images = tree?.kind === 'map' ? tree.entries.get('images')?.value : undefined
  if (!tree || images?.kind !== 'map') return null
  const seen = [...images.entries].map(([id, { keyOffset }]) => ({ id, offset: keyOffset }))
  return standApart(text, seen) ? parseHead(printHead(headOf(tree))) : null
}

describe('images below a head that was parsed before', () => {
  it('are read as the YAML parser reads them with it, or not at all', () => {
    let read = 0
    const runs = 400
    const changed = fc.record({
      head: fc.constantFrom(...ABOVE),
      blocks: fc.array(block, { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(changed, ({ head, blocks }) => {
        const known = rememberedHead(`${head}${image('a')}${image('b')}`)
        const below = blocks.join('')
        // Such lines are read with the whole text in any case.
        if (!known || MEANT_ELSEWHERE.test(below)) return
        const tree = treeBelow(known, head + below)
        if (!tree) return
        read += 1
        expect(outcome(() => tree, '')).toBe(outcome(parseYaml, head + below))
      }),
      { numRuns: runs },
    )
    expect(read).toBeGreaterThan(runs / 20)
  })

  it('are not read below a head that is damaged', () => {
    const whole = printHead(headOf(soundTree(`out: a\nlist: [1, ~]\nimages:\n${image('a')}`) ?? NOTHING))
    expect(parseHead(whole)).not.toBeNull()
    const damaged = [
      '',
      '{}',
      '[]',
      whole.slice(1),
      whole.replace('"scalar"', '"other"'),
      whole.replace('"offset":5', '"offset":"5"'),
      whole.replace('"source":"a"', '"source":1'),
      whole.replace('["out",', '["out"],['),
      whole.replace('"keyOffset":0', '"keyOffset":null'),
    ]
    for (const text of damaged) expect([text, text === whole, parseHead(text)]).toEqual([text, false, null])
  })
})

const NOTHING = { kind: 'list', offset: 0, items: [] } as const
