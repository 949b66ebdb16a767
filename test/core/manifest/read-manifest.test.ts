import { describe, expect, it } from 'vitest'
import { codes, codesAt, imagesOf, read, readImages, transcript } from '../../support/manifest.ts'

const ONE = 'a: { prompt: x, alt: y }'

describe('a file that is no manifest', () => {
  it.each([
    ['empty', '', 'manifest/missing-key 1:1'],
    ['comments only', '# nothing\n\n', 'manifest/missing-key'],
    ['a document marker only', '---\n', 'manifest/missing-key'],
    ['null', '~\n', 'manifest/missing-key 1:1'],
    ['a list', '- a\n- b\n', 'manifest/wrong-type 1:1'],
    ['a word', 'hello\n', 'manifest/wrong-type 1:1'],
    ['two documents', 'version: 1\nimages: {}\n---\nversion: 1\n', 'manifest/syntax 3:1'],
    ['tabs as indentation', 'version: 1\nimages:\n\ta: {}\n', 'manifest/syntax 3:1'],
    ['an open bracket', 'version: 1\nimages: {\n', 'manifest/syntax'],
    ['UTF-16', 'v\0e\0r\0', 'manifest/unreadable 1:2'],
    [
      'Latin-1 read as UTF-8',
      `version: 1\nimages: { a: { prompt: caf\uFFFD } }\n`,
      'manifest/unreadable 2:27',
    ],
  ])('%s is refused with its place', (_, text, expected) => {
    const reading = read(text)
    expect(reading.manifest).toBeNull()
    expect(codesAt(reading)[0]).toContain(expected)
  })

  it.each(['[', '{a: ', '- ', '? '])('is told once, however deep it nests %j', (open) => {
    const reading = read(`version: 1\nimages:\n  ${open.repeat(20_000)}`)
    expect(codes(reading)).toEqual(['manifest/syntax'])
  })

  it('may nest no deeper than any use of it needs', () => {
    const shallow = read(
      `version: 1\nimages: { a: { prompt: x, params: { deep: ${'['.repeat(60)}${']'.repeat(60)} } } }`,
    )
    expect(codes(shallow)).toEqual(['manifest/syntax'])
  })
})

describe('the version', () => {
  it.each([
    ['images: {}', 'manifest/missing-key'],
    ['version: 0\nimages: {}', 'manifest/wrong-value'],
    ['version: "1"\nimages: {}', 'manifest/wrong-type'],
    ['version:\nimages: {}', 'manifest/wrong-type'],
  ])('%j is refused', (text, code) => {
    expect(codes(read(text))).toEqual([code])
  })

  it('of a newer tool is the only complaint, for nothing else can be judged', () => {
    expect(codes(read('version: 2\nfuture: yes\nimages: []'))).toEqual(['manifest/version'])
  })
})

describe('unknown keys', () => {
  it.each([
    ['defualts: {}\n', 'defaults'],
    ['defaults: { modle: x }\n', 'model'],
    ['defaults: { outputs: { wdiths: [1] } }\n', 'widths'],
    ['styles: { look: { befor: x } }\n', 'before'],
    ['defaults: { policy: { refusd: skip } }\n', 'refused'],
  ])('%j suggests the nearest known one', (top, near) => {
    const reading = readImages(ONE, top)
    expect(codes(reading)).toEqual(['manifest/unknown-key'])
    expect(reading.problems[0]?.message).toContain(`"${near}"`)
  })

  it('that stand a level too high are told where they belong', () => {
    const reading = readImages('a: { prompt: x, widths: [480], before: y }')
    expect(reading.problems.map(({ message }) => /under "(\w+)"/.exec(message)?.[1])).toEqual([
      'outputs',
      'styles',
    ])
  })

  it.each(['prompt', 'alt', 'pin', 'pick', 'matrix'])('"%s" is none for defaults', (key) => {
    expect(codes(readImages(ONE, `defaults: { ${key}: x }\n`))).toEqual(['manifest/unknown-key'])
  })

  it.each(['__proto__', 'constructor', 'prototype', '<<', 'toString'])(
    '"%s" is refused everywhere',
    (key) => {
      expect(codes(read(`version: 1\n${key}: {}\nimages: {}`))).toEqual(['manifest/unknown-key'])
      expect(codes(readImages(`a: { prompt: x, ${key}: y }`))).toEqual(['manifest/unknown-key'])
      if (key === 'toString') return
      expect(codes(readImages(`${key}: { prompt: x }`))).toEqual(['manifest/unknown-key'])
      expect(codes(readImages(`a: { prompt: x, params: { style: { ${key}: 1 } } }`))).toEqual([
        'manifest/unknown-key',
      ])
    },
  )

  it('of something planned are refused with words', () => {
    const reading = readImages('a: { prompt: x, references: [b], outputs: { placeholder: off } }')
    expect(codes(reading)).toEqual(['manifest/not-yet'])
  })
})

describe('wrong values', () => {
  it.each([
    ['prompt: 12', 'manifest/wrong-type'],
    ['prompt: [x]', 'manifest/wrong-type'],
    ['prompt: ""', 'manifest/wrong-value'],
    ['prompt: "  "', 'manifest/wrong-value'],
    ['prompt: x, alt: 2024', 'manifest/wrong-type'],
    ['prompt: x, decorative: "yes"', 'manifest/wrong-type'],
    ['prompt: x, focus: middle', 'manifest/wrong-value'],
    ['prompt: x, focus: [0.5]', 'manifest/wrong-value'],
    ['prompt: x, focus: [0.5, 1.2]', 'manifest/wrong-value'],
    ['prompt: x, focus: { x: 1 }', 'manifest/wrong-type'],
    ['prompt: x, fit: crop', 'manifest/wrong-value'],
    ['prompt: x, content: drawing', 'manifest/wrong-value'],
    ['prompt: x, candidates: 0', 'manifest/wrong-value'],
    ['prompt: x, candidates: 17', 'manifest/wrong-value'],
    ['prompt: x, candidates: 1.5', 'manifest/wrong-value'],
    ['prompt: x, reroll: -1', 'manifest/wrong-value'],
    ['prompt: x, reroll: .inf', 'manifest/wrong-value'],
    ['prompt: x, pick: two', 'manifest/wrong-type'],
    ['prompt: x, pin: abcdef', 'manifest/wrong-value'],
    ['prompt: x, pin: 123456789012', 'manifest/wrong-type'],
    ['prompt: x, policy: { refused: retry }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { formats: [gif] }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { formats: [] }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { widths: [8] }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { widths: 480 }', 'manifest/wrong-type'],
    ['prompt: x, outputs: { quality: 0 }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { quality: { png: 80 } }', 'manifest/unknown-key'],
    ['prompt: x, outputs: { effort: { webp: 7 } }', 'manifest/wrong-value'],
    ['prompt: x, outputs: { quality: best }', 'manifest/wrong-value'],
    ['prompt: x, params: { a: .nan }', 'manifest/wrong-value'],
    ['prompt: x, params: [a]', 'manifest/wrong-type'],
    ['prompt: !include x', 'manifest/syntax'],
    ['? [x]\n  : y\n  , prompt: x', 'manifest/syntax'],
    ['prompt: x, params: { a: *nowhere }', 'manifest/syntax'],
    ['alt: x', 'manifest/missing-key'],
    ['prompt: null', 'manifest/missing-key'],
    ['from: null', 'manifest/missing-key'],
  ])('{ %s } is %s', (image, code) => {
    expect(codes(readImages(`a: { ${image} }`))).toEqual([code])
  })

  it.each([
    ['images:', 'manifest/wrong-type'],
    ['images: []', 'manifest/wrong-type'],
    ['images: { a: [x] }', 'manifest/wrong-type'],
    ['images: { a: null }', 'manifest/wrong-type'],
    ['images: {}\nstyles: { s: text }', 'manifest/wrong-type'],
    ['images: {}\ndefaults: [x]', 'manifest/wrong-type'],
  ])('%j is %s', (text, code) => {
    expect(codes(read(`version: 1\n${text}`))).toEqual([code])
  })

  it.each([
    '.',
    './',
    '..',
    'a/../..',
    '/srv/www',
    'C:/www',
    'a\\b',
    '.pixelkiln/x',
    'node_modules',
    'con',
    'a:b',
    'x.',
  ])('the asset folder cannot be %j', (out) => {
    expect(codes(readImages(ONE, `out: ${JSON.stringify(out)}\n`))).toEqual(['manifest/wrong-value'])
  })

  it.each([
    '{width}.{format}',
    '{id}-{width}',
    '{id}.{format}',
    '{id}-{size}.{format}',
    '../{id}-{width}.{format}',
    '/{id}-{width}.{format}',
    'a\\{id}-{width}.{format}',
    'con/{id}-{width}.{format}',
    '{id}-{width}.{format}.',
    'a?{id}-{width}.{format}',
  ])('the filename template cannot be %j', (filename) => {
    const reading = readImages(`a: { prompt: x, outputs: { filename: ${JSON.stringify(filename)} } }`)
    expect(codesAt(reading)).toEqual(['manifest/wrong-value 3:40'])
  })
})

describe('the aspect', () => {
  it.each([
    ['16/9', '16:9'],
    ['"16 x 9"', '16:9'],
    ['"16 : 9"', '16:9'],
    ['1.5', '3:2'],
    ['1.7778', '16:9'],
    ['0.8', '4:5'],
  ])('%s is refused, and %s is said to be meant', (aspect, meant) => {
    const reading = readImages(`a: { prompt: x, aspect: ${aspect} }`)
    expect(codesAt(reading)).toEqual(['image/aspect 3:27'])
    expect(reading.problems[0]?.message).toContain(`"${meant}"`)
  })

  it.each(['0:9', '-3:2', '"16:"', '""', 'wide', '1.5:1', '10001:1', '0', '.inf', 'true'])(
    '%s is refused',
    (aspect) => {
      expect(codes(readImages(`a: { prompt: x, aspect: ${aspect} }`))).toContain('image/aspect')
    },
  )

  it('that YAML 1.1 reads as a number to the base of sixty is to be quoted', () => {
    const reading = read('%YAML 1.1\n---\nversion: 1\nimages:\n  a: { prompt: x, aspect: 16:9 }\n')
    expect(codesAt(reading)).toEqual(['image/aspect 5:27'])
    expect(reading.problems[0]?.message).toContain('quotes')
  })

  it('cannot be a map or a list', () => {
    expect(codes(readImages('a: { prompt: x, aspect: [3, 2] }'))).toEqual(['manifest/wrong-type'])
  })
})

describe('duplicate keys', () => {
  it('are told at the second, on every level', () => {
    const reading = read(
      'version: 1\nimages:\n  a: { prompt: x, alt: y, prompt: z }\n  a: { prompt: w }\nversion: 1\n',
    )
    expect(codesAt(reading)).toEqual([
      'manifest/duplicate-key 3:27',
      'manifest/duplicate-key 4:3',
      'manifest/duplicate-key 5:1',
    ])
  })

  it('are the same key also when one is quoted or a number', () => {
    expect(codes(readImages('12: { prompt: x }\n"12": { prompt: y }'))).toEqual(['manifest/duplicate-key'])
  })
})

describe('aliases', () => {
  it('stand for what they name', () => {
    const images = imagesOf(readImages('a: &a { prompt: x }\nb: *a'))
    expect(images['b']?.requestKey).toBe(images['a']?.requestKey)
  })

  it('that multiply are a bomb, told without expanding it', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) =>
        `l${n}: &l${n} [${Array(10)
          .fill(n === 0 ? 'x' : `*l${n - 1}`)
          .join(',')}]`,
    )
    expect(codes(read(`version: 1\nimages: {}\n${levels.join('\n')}`))).toEqual(['manifest/alias-bomb'])
  })

  it('inside what they name are refused', () => {
    expect(codes(readImages('a: &a { prompt: x, params: { b: *a } }'))).toEqual(['manifest/syntax'])
  })

  it('may be used thousands of times for what they name once', () => {
    const images = Array.from({ length: 3000 }, (_, n) => `i${n}: { prompt: p${n}, outputs: *o }`)
    const top = 'defaults: { outputs: &o { formats: [webp], widths: [100, 200, 300] } }\n'
    expect(codes(readImages(images.join('\n'), top))).toEqual([])
  })
})

describe('comments that eat words', () => {
  it.each([
    ['a:\n  prompt: number #12 is best', 4, 20],
    ['a: { prompt: x, alt: red #2\n  }', 3, 28],
    ['a:\n  prompt: #12 monkeys\n  alt: x', 4, 13],
    ['a:\n  prompt: first\n    second #3', 5, 14],
    ['a:\n  prompt: first #1\n    second', 4, 19],
    ['a: { prompt: x y #12, \n  alt: z }', 3, 20],
  ])('are told at the hash: %j', (images, line, column) => {
    const found = readImages(images).problems.filter(({ code }) => code === 'manifest/comment-in-text')
    expect(found.map(({ place }) => [place?.line, place?.column])).toEqual([[line, column]])
  })

  it('are told in the texts of styles, too', () => {
    const top = 'styles:\n  s:\n    before: paper #3\n    after: ink # black\n'
    expect(codes(readImages(ONE, top))).toEqual(Array(2).fill('manifest/comment-in-text'))
  })

  it('do not where the text is quoted, a block, or another setting, or the comment has a line of its own', () => {
    const text = [
      'a:',
      '  prompt: "number #12"   # quoted',
      "  alt: 'no #1'  # quoted",
      '  model: dall-e-3 # a comment',
      '  aspect: 3:2 # a comment',
      'b:',
      '  prompt: > # folded',
      '    number #12 is fine here',
      '  alt: C#sharp and a#b',
      '  # a line of its own',
      'c:',
      '  prompt: last',
      '  # a line of its own',
    ].join('\n')
    const images = imagesOf(readImages(text))
    expect(images['b']?.request.prompt).toBe('number #12 is fine here')
    expect(images['b']?.alt).toBe('C#sharp and a#b')
  })
})

describe('what looks like an API key', () => {
  const KEYS = [
    `afk_${'0123456789abcdef'.repeat(2)}`,
    `sk-proj-${'Ab1'.repeat(12)}`,
    `AIza${'Sy0'.repeat(12)}`,
    `ghp_${'a1B2'.repeat(9)}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-DEF_123`,
    `Bearer ${'x9'.repeat(20)}`,
  ]
  const PLACES = [
    (key: string) => readImages(ONE, `# ${key}\n`),
    (key: string) => readImages(`a: { prompt: "x ${key} y", alt: z }`),
    (key: string) => readImages(`a: { prompt: x, model: "${key}" }`),
    (key: string) => readImages(`a: { prompt: x, style: "${key}" }`),
    (key: string) => readImages(`a: { prompt: x, params: { "${key}": 1 } }`),
    (key: string) => readImages(`"${key}": { prompt: x }`),
    (key: string) => readImages(`a: { prompt: x, fit: "${key}", alt: "${'long '.repeat(30)}" }`),
    (key: string) => readImages(`a: { alt: "${'long '.repeat(14)}", fit: "${key}", aspect: 1.5 }`),
  ]

  it.each(KEYS)('%s is refused wherever it stands, and never repeated', (key) => {
    for (const place of PLACES) {
      const reading = place(key)
      expect(codes(reading)).toContain('manifest/secret')
      expect(JSON.stringify(reading)).not.toContain(key.slice(7, 20))
    }
  })

  it.each(['a task-list on a desk-lamp', 'sk-ate', 'AKIA', 'a bearer of news'])('%j is none', (prompt) => {
    expect(codes(readImages(`a: { prompt: ${prompt} }`))).toEqual([])
  })
})

describe('ids', () => {
  it.each([
    'hero',
    'home/hero',
    'a.b/c_d-e',
    '1/2',
    'ÜBER/größe',
    '日本/山',
    'console',
    'com10',
    'a/nullify',
    'é\u0323x',
  ])('%j is good', (id) => {
    expect(codes(readImages(`${JSON.stringify(id.normalize('NFC'))}: { prompt: x }`))).toEqual([])
  })

  it.each([
    '',
    '../x',
    'a/../b',
    'a/./b',
    '/a',
    'a/',
    'a//b',
    'a.',
    'a ',
    'a b',
    'a./b',
    '-a',
    '.a',
    '_a',
    'a*',
    'a:b',
    'a\\b',
    'con',
    'CON',
    'aux.x',
    'a/NUL/b',
    'com1',
    'lpt9.png',
    'e\u0301',
    'a\tb',
    '👍',
    `${'a/'.repeat(120)}a`,
    '山'.repeat(70),
    'a{id}',
  ])('%j is refused', (id) => {
    expect(codesAt(readImages(`${JSON.stringify(id)}: { prompt: x }`))).toEqual(['image/id 3:3'])
  })

  it.each([
    ['Home/Hero', 'home/hero'],
    ['\u00c9t\u00e9', '\u00e9t\u00e9'],
    ['Stra\u00dfe', 'STRASSE'],
    ['\u212Aelvin', 'kelvin'],
  ])('%s and %s clash, on the second', (first, second) => {
    const reading = readImages(
      `"${first.normalize('NFC')}": { prompt: x }\nother: { prompt: y }\n"${second}": { prompt: z }`,
    )
    // The Kelvin sign is no NFC, so it is refused before it can clash.
    expect(codesAt(reading)).toEqual(['image/id-clash 5:3'])
  })
})

describe('two outputs with one path', () => {
  it('are told on the second image', () => {
    const reading = readImages(
      `a1: { prompt: x, ${outputs('{id}{width}.{format}')} }\na: { prompt: y, ${outputs('{id}{width}.{format}', '[16, 1480]')} }`,
    )
    expect(codesAt(reading)).toEqual(['image/path-clash 4:3'])
  })

  it('clash also in case only, and over two templates', () => {
    const reading = readImages(
      `Ab: { prompt: x, ${outputs('{id}-{width}.{format}')} }\na: { prompt: y, ${outputs('{id}b-{width}.{format}')} }`,
    )
    expect(codes(reading)).toEqual(['image/path-clash'])
  })

  it('a file where another image needs a folder is told in either order', () => {
    const file = `a: { prompt: x, ${outputs('{id}-{width}.{format}')} }`
    const folder = `a-480.webp/b: { prompt: y, ${outputs('{id}-{width}.{format}')} }`
    const template = `b: { prompt: y, ${outputs('a-480.webp/{id}-{width}.{format}')} }`
    for (const other of [folder, template]) {
      expect(codesAt(readImages(`${file}\n${other}`))).toEqual(['image/path-clash 4:3'])
      expect(codesAt(readImages(`${other}\n${file}`))).toEqual(['image/path-clash 4:3'])
    }
  })

  it('names that differ by a hash never clash, nor do ids that only look alike', () => {
    const same = outputs('{id}-{hash}.{format}')
    expect(codes(readImages(`a: { prompt: x, ${same} }\nb: { prompt: y, ${same} }`))).toEqual([])
    expect(codes(readImages('a: { prompt: x }\na-480: { prompt: y }\na/b: { prompt: z }'))).toEqual([])
  })
})

describe('all mistakes at once', () => {
  const TEXT = [
    'version: 1',
    'out: ../x',
    'defualts: {}',
    'images:',
    '  ../x: { prompt: a }',
    '  a:',
    '    prompt: number #12 is best',
    '    aspect: 16/9',
    '    style: vivd',
    '  A: { prompt: hello, candidates: 0 }',
    '  e: { from: zz, prompt: x }',
    '',
  ]

  it('come in the order of the text, each with file, line, column and a caret', () => {
    const reading = read(TEXT.join('\n'))
    expect(transcript(reading)).toMatchInlineSnapshot(`
      "2:6 manifest/wrong-value
      "out" must be a folder below the manifest’s own.
      2 | out: ../x
               ^
      3:1 manifest/unknown-key
      The manifest has no setting "defualts". Did you mean "defaults"?
      3 | defualts: {}
          ^
      5:3 image/id
      "../x" leads out of the asset folder.
      5 |   ../x: { prompt: a }
            ^
      7:20 manifest/comment-in-text
      YAML takes everything from " #" on as a comment, so "prompt" ends here. Put the text in quotes, or the comment on a line of its own.
      7 |     prompt: number #12 is best
                             ^
      8:13 image/aspect
      "aspect" cannot be "16/9". Write "16:9".
      8 |     aspect: 16/9
                      ^
      9:12 image/style-unknown
      There is no style "vivd". Looks: none; models’ own: vivid, natural, icon. Did you mean "vivid"?
      9 |     style: vivd
                     ^
      10:3 image/id-clash
      "A" and "a" are one name on systems that ignore case. Rename one.
      10 |   A: { prompt: hello, candidates: 0 }
             ^
      10:35 manifest/wrong-value
      "candidates" must be a whole number from 1 to 16, not 0.
      10 |   A: { prompt: hello, candidates: 0 }
                                             ^
      11:14 image/from
      "e" is cut from "zz". There is no such image. It must name an image that has a prompt.
      11 |   e: { from: zz, prompt: x }
                        ^
      11:18 image/from
      A crop of "zz" buys nothing, so it has no "prompt". It may have aspect, focus, fit, alt, decorative, content, outputs, matrix.
      11 |   e: { from: zz, prompt: x }
                            ^
      9:12 image/setting
      a: dall-e-3 does not know the style "vivd": its styles are vivid, natural. Name one of "styles", or another model.
      9 |     style: vivd
                     ^"
    `)
    expect(reading.problems.every(({ place }) => place?.file === 'pixelkiln.yaml')).toBe(true)
  })

  it('stand at the same places in a file with CRLF and a byte order mark', () => {
    const marked = read(`\uFEFF${TEXT.join('\r\n')}`)
    expect(codesAt(marked)).toEqual(codesAt(read(TEXT.join('\n'))))
  })

  it('in a style or the defaults are told once, however many images use them', () => {
    const images = Array.from({ length: 50 }, (_, n) => `i${n}: { prompt: p${n} }`).join('\n')
    expect(codesAt(readImages(images, 'defaults: { style: vivd, outputs: { filename: x } }\n'))).toEqual([
      'image/style-unknown 2:20',
      'manifest/wrong-value 2:47',
    ])
  })

  it('are all told, also when there are thousands', () => {
    const images = Array.from({ length: 4000 }, (_, n) => `i${n}: { prompt: x, fit: crop, alt: y }`)
    expect(readImages(images.join('\n')).problems).toHaveLength(4000)
  })
})

function outputs(filename: string, widths = '[480]'): string {
  return `outputs: { filename: "${filename}", widths: ${widths}, formats: [webp] }`
}
