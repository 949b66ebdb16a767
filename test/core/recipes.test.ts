import { describe, expect, it } from 'vitest'
import { cropNotes } from '../../src/core/crop-notes.ts'
import { emptyLock } from '../../src/core/lock.ts'
import { outputsOf } from '../../src/core/recipes.ts'
import { imageOf, imagesOf, readImages } from '../support/manifest.ts'

function outputNames(outputs: string, original: { width: number; alpha?: boolean }): readonly string[] {
  const { recipe } = imageOf(`a: { prompt: x, aspect: "3:2", outputs: ${outputs} }`)
  const { width, alpha = false } = original
  return outputsOf(recipe, { width, height: (width * 2) / 3, alpha }).map(
    (spec) => `${spec.width}.${spec.format}`,
  )
}

function qualityOf(image: string): unknown {
  return imageOf(`a: { prompt: x, ${image} }`).recipe.quality
}

function cropped(image: string): readonly unknown[] {
  const text = `version: 1\nimages:\n  a: { prompt: x, ${image} }\n`
  const images = Object.values(imagesOf(readImages(`a: { prompt: x, ${image} }`)))
  return cropNotes(images, emptyLock('pixelkiln.yaml'), { file: 'pixelkiln.yaml', text }).map(
    ({ code, message, place }) => [code, /\d+ %/.exec(message)?.[0], place?.line],
  )
}

describe('the widths of an image', () => {
  it.each([
    ['[480, 960, 1536]', 1536, [480, 960, 1536]],
    ['[480, 960, 1536]', 1200, [480, 960, 1200]],
    ['[960, 480, 960]', 1536, [480, 960]],
    ['[2000, 3000]', 1536, [1536]],
    // The original's own width would be 980: as good as the 960 that was asked for.
    ['[480, 960, 1536]', 980, [480, 960]],
    ['[750, 768, 828]', 1536, [750, 828]],
    ['[100, 102, 104, 106]', 1536, [100, 104]],
    ['[1000, 1030]', 1536, [1000, 1030]],
  ])('%s of an original of %i are %j', (widths, original, expected) => {
    expect(outputNames(`{ formats: [webp], widths: ${widths} }`, { width: original })).toEqual(
      expected.map((width) => `${width}.webp`),
    )
  })
})

describe('the formats of an image', () => {
  it.each([
    ['[avif, webp, jpeg]', ['60.avif', '60.webp', '60.png']],
    ['[jpeg, webp]', ['60.png', '60.webp']],
    ['[png, jpeg]', ['60.png']],
    ['[avif]', ['60.avif']],
  ])('%s have PNG in place of JPEG where the original is transparent', (formats, expected) => {
    const outputs = `{ formats: ${formats}, widths: [60] }`
    expect(outputNames(outputs, { width: 300, alpha: true })).toEqual(expected)
  })

  it('clash also by the PNG that nobody asked for', () => {
    const { problems } = readImages(
      'a: { prompt: x, outputs: { filename: "x-{id}-{width}.{format}", formats: [jpeg] } }\nx-a: { prompt: y, outputs: { formats: [png] } }',
    )
    expect(problems.map(({ code }) => code)).toEqual(['image/path-clash'])
  })
})

describe('the quality', () => {
  it('goes by content, and what is written wins', () => {
    expect(qualityOf('content: photo')).toMatchObject({ avif: 57, webp: 80, jpeg: 78 })
    expect(qualityOf('content: illustration')).toMatchObject({ avif: 59, webp: 82, jpeg: 82 })
    expect(qualityOf('content: text')).toMatchObject({ avif: 66, webp: 88, jpeg: 86 })
    expect(qualityOf('content: text, outputs: { quality: { webp: 50 } }')).toMatchObject({
      avif: 66,
      webp: 50,
    })
  })

  it('and every other setting of the outputs may stand in defaults, a style or an image', () => {
    const images = imagesOf(
      readImages(
        'a: { prompt: x }\nb: { prompt: x, style: ink }\nc: { prompt: x, style: ink, outputs: { filename: "c/{id}-{width}.{format}", quality: { avif: 40 } }, content: photo }',
        'defaults: { outputs: { filename: "d/{id}-{width}.{format}", effort: { avif: 1 } }, content: text }\nstyles: { ink: { after: ink, outputs: { filename: "s/{id}-{hash}.{format}", quality: { avif: 50 } } } }\n',
      ),
    )
    const shown = Object.values(images).map(({ recipe }) => [
      recipe.filename,
      recipe.content,
      recipe.quality.avif,
      recipe.effort.avif,
    ])
    expect(shown).toEqual([
      ['d/{id}-{width}.{format}', 'text', 66, 1],
      ['s/{id}-{hash}.{format}', 'text', 50, 1],
      ['c/{id}-{width}.{format}', 'photo', 40, 1],
    ])
  })
})

describe('a crop that throws much away', () => {
  it('is noted with its line before the picture is bought', () => {
    expect(cropped('aspect: "9:16"')).toEqual([])
    expect(cropped('aspect: "1:4"')).toEqual([['image/crop', '38 %', 3]])
    expect(cropped('aspect: "1:4", fit: contain')).toEqual([])
    expect(cropped('aspect: "1:4", focus: [0.5, 0.4]')).toEqual([])
  })
})
