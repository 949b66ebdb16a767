import { type Colour, lighter, mix } from './colour.ts'
import type { Stage } from './stage.ts'
import { line, number } from './svg.ts'

/** Short strokes over the whole picture that follow one slow flow, light and dark in turn, so that flat paint looks brushed. */
export function drawBrushwork(stage: Stage): string {
  const { width, height, random, unit, palette } = stage
  const phase = random.between(0, 6.3)
  const paints: readonly { readonly colour: Colour; readonly opacity: number }[] = [
    { colour: palette.paper, opacity: 0.13 },
    { colour: palette.ink, opacity: 0.12 },
    { colour: mix(palette.glow, palette.accents[1], 0.4), opacity: 0.17 },
    { colour: lighter(palette.sky[1], 0.06), opacity: 0.17 },
    { colour: mix(palette.accents[0], palette.near, 0.3), opacity: 0.1 },
  ]
  return paints
    .map(({ colour, opacity }) => {
      let data = ''
      for (let i = 0; i < 95; i++) {
        const x = random.between(-0.02, 1) * width
        const y = random.next() * height
        const angle =
          0.7 * Math.sin((x / width) * 4.2 + phase) + 0.9 * Math.cos((y / height) * 3.1 + phase * 2)
        const long = unit * random.between(36, 92)
        const dx = Math.cos(angle) * long
        const dy = Math.sin(angle) * long * 0.8
        data += `M${number(x)} ${number(y)}q${number(dx * 0.5 - dy * 0.18)} ${number(dy * 0.5 + dx * 0.18)} ${number(dx)} ${number(dy)}`
      }
      return line(data, colour, unit * random.between(7, 11), opacity)
    })
    .join('')
}
