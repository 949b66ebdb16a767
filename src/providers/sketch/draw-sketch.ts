import { drawBrushwork } from './brush.ts'
import { drawCaption, layOutCaption } from './caption.ts'
import { chooseScene } from './choose-scene.ts'
import { drawMark, drawTicks } from './marks.ts'
import { choosePalette } from './palette.ts'
import { createRandom } from './random.ts'
import type { Stage } from './stage.ts'
import { createDefs } from './svg.ts'
import { drawableText } from './text.ts'
import { readWords } from './words.ts'

/** What a sketch is drawn from: this and nothing else. */
export interface SketchInput {
  readonly prompt: string
  /** Stands below the prompt: the image's id; may be empty. */
  readonly caption: string
  /** Pixels, at least 1. */
  readonly width: number
  readonly height: number
  /** From 1; another take is another composition in the same colours. */
  readonly take: number
  readonly mark: 'DRAFT' | 'EMULATOR'
}

/**
 * Draws a stand-in for a picture as an SVG document of the size asked for. Pure: equal input gives equal text.
 * Colours and scene follow from the prompt's words, the rest from its hash; text is drawn as outlines, so no font
 * is needed and nothing of the prompt stands in the document.
 */
export function drawSketch(input: SketchInput): string {
  const { width, height, take } = input
  const prompt = drawableText(input.prompt)
  const words = readWords(prompt)
  const palette = choosePalette(words, prompt)
  const { name, draw } = chooseScene(words, prompt)
  const stage: Stage = {
    width,
    height,
    unit: Math.sqrt(width * height) / 1000,
    palette,
    random: createRandom(`${name} ${take} ${prompt}`),
    words,
    defs: createDefs(),
    lettering: quoted(prompt),
  }
  const painted = words.has(
    'oil painting painted impressionist* gouache watercolor watercolour brush* acrylic живопис*',
  )
  const picture = draw(stage) + (painted ? drawBrushwork(stage) : '')
  const note = [drawableText(input.caption), `${width}×${height}`, take > 1 ? `take ${take}` : '']
  const caption = layOutCaption({
    prompt,
    note: note.filter((part) => part !== '').join('  ·  '),
    width,
    height,
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    stage.defs.print(),
    picture,
    drawTicks(width, height, palette.paper),
    drawCaption(caption, palette),
    drawMark(input.mark, width, height),
    '</svg>',
  ].join('')
}

// The first short text in any kind of quotation marks.
function quoted(prompt: string): string {
  const match = /["“”„«‘']([^"“”„«»‘’']{1,24})["“”»’'](?![\p{L}\p{N}])/u.exec(prompt)
  return match?.[1]?.trim() ?? ''
}
