import { atLightness, type Colour, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { disc, number, rect, shape } from '../svg.ts'

/** A wall of square tiles, each with one plain geometric figure, in the palette's colours. */
export function drawTiles(stage: Stage): string {
  const { width, height, random, palette } = stage
  const size = Math.sqrt((width * height) / 54)
  const columns = Math.max(2, Math.round(width / size))
  const rows = Math.max(2, Math.round(height / size))
  const wide = width / columns
  const high = height / rows
  const colours = tileColours(stage)
  let drawn = rect({ x: 0, y: 0, width, height }, palette.near)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const ground = random.pick(colours)
      const others = colours.filter((colour) => Math.abs(colour.l - ground.l) > 0.12)
      const figure = others[random.whole(0, others.length - 1)] ?? palette.paper
      const box = { x: column * wide, y: row * high, width: wide + 0.6, height: high + 0.6 }
      drawn += rect(box, ground) + drawFigure(stage, box, figure, ground)
    }
  }
  return drawn
}

function tileColours({ palette }: Stage): readonly [Colour, ...Colour[]] {
  const [one, two, three] = palette.accents
  const deep = atLightness(palette.near, 0.26)
  return [
    deep,
    mix(deep, one, 0.35),
    one,
    two,
    three,
    palette.far,
    mix(palette.paper, palette.sky[2], 0.5),
    palette.sky[1],
    deep,
  ]
}

interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function drawFigure(stage: Stage, cell: Cell, colour: Colour, ground: Colour): string {
  const { random } = stage
  const { x, y, width, height } = cell
  const middle = { x: x + width / 2, y: y + height / 2 }
  const radius = Math.min(width, height) / 2
  const quarter = random.whole(0, 3)
  const turned = (data: string): string =>
    shape(data, colour).replace(
      '<path',
      `<path transform="translate(${number(middle.x)} ${number(middle.y)})rotate(${quarter * 90})scale(${number(width / 2)} ${number(height / 2)})"`,
    )
  switch (random.whole(0, 9)) {
    case 0:
      return turned('M-1-1H1A2 2 0 0 1-1 1z')
    case 1:
      return turned('M-1-1H1L-1 1z')
    case 2:
      return turned('M-1 0A1 1 0 0 1 1 0z')
    case 3:
      return (
        disc(middle, radius * 0.68, colour) + (random.chance(0.5) ? disc(middle, radius * 0.3, ground) : '')
      )
    case 4:
      return turned('M-1-1h2v.29h-2zM-1-.42h2v.29h-2zM-1 .16h2v.29h-2zM-1 .74h2V1h-2z')
    case 5:
      return turned('M-1-1A2 2 0 0 1 1 1A2 2 0 0 1-1-1z')
    case 6:
      return turned('M-1-1H0A1 1 0 0 1-1 0zM0 1A1 1 0 0 1 1 0V1z')
    case 7:
      return turned('M-1-1H0V1H-1z')
    case 8:
      return turned(
        'M-1-1A1 1 0 0 1 0 0A1 1 0 0 1-1-1zM0 0A1 1 0 0 1 1 1A1 1 0 0 1 0 0zM1-1A1 1 0 0 1 0 0A1 1 0 0 1 1-1zM-1 1A1 1 0 0 1 0 0A1 1 0 0 1-1 1z',
      )
    default:
      return ''
  }
}
