import { describe, expect, it } from 'vitest'
import { imageOf } from '../../support/manifest.ts'

describe('the request key of an image', () => {
  it('does not hang on how the manifest is written', () => {
    const folded =
      'a:\n  aspect: "30:20"\n  prompt: >\n    One two\n    three caf\u00e9.\n\n  params: { style: vivid }\n'
    const plain = '"a": { params: { "style": "vivid" }, prompt: "One two three cafe\u0301.  ", aspect: 3:2 }'
    expect(imageOf(folded.replaceAll('\n', '\r\n')).requestKey).toBe(imageOf(plain).requestKey)
    expect(imageOf(folded).declared).toBe(imageOf(plain).declared)
  })

  it('changes with the prompt, style text, model, aspect asked for, params and reroll', () => {
    const top = 'styles: { s: { before: A, after: B, params: { stylize: 1 } } }\n'
    const image = '{ prompt: x, style: s, model: midjourney, aspect: "3:2", reroll: 1, params: { seed: 1 } }'
    const changes = [
      ['', ''],
      ['prompt: x', 'prompt: X'],
      ['before: A', 'before: "A,"'],
      ['after: B', 'after: C'],
      ['stylize: 1', 'stylize: 2'],
      ['model: midjourney', 'model: unheard-of'],
      ['aspect: "3:2"', 'aspect: "2:3"'],
      ['reroll: 1', 'reroll: 2'],
      ['seed: 1', 'seed: 2'],
      ['seed: 1', 'seed: "1"'],
    ] as const
    const changed = changes.map(([from, to]) =>
      imageOf(`a: ${image.replace(from, to)}`, top.replace(from, to)),
    )
    expect(new Set(changed.map(({ requestKey }) => requestKey)).size).toBe(changes.length)
    expect(new Set(changed.map(({ declared }) => declared)).size).toBe(changes.length)
  })

  it('does not change with the id, alt, outputs, focus, pick, pin, policy, candidates, or a shape asked for alike', () => {
    const plain = imageOf('a: { prompt: x }')
    const other = imageOf(
      'b/c: { prompt: x, alt: y, outputs: { quality: 3 }, focus: center, fit: contain, content: text, candidates: 3, pick: 2, pin: abcdefabcdef, policy: { refused: skip }, aspect: "6:5" }',
    )
    expect(other.requestKey).toBe(plain.requestKey)
    expect(other.recipe).not.toEqual(plain.recipe)
  })

  it('and the declared digest are what they were', () => {
    const image = imageOf(
      'home/hero: { prompt: "A lighthouse keeper reading.", style: s, aspect: "16:9" }',
      'styles: { s: { before: "Paper cut,", after: "No text.", params: { style: natural } } }\n',
    )
    expect([image.requestKey, image.declared]).toEqual([
      '2e73f34160d5e74690c2cb897879d13e',
      '8805e625cca9c031',
    ])
  })
})
