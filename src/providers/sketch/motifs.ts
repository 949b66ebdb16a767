import { type Colour, hex, lighter, mix } from './colour.ts'
import type { Palette } from './palette.ts'
import { number, type Point } from './svg.ts'
import type { Words } from './words.ts'

/** Colours of a motif: its body, its light parts and its dark parts. */
export interface MotifColours {
  readonly body: Colour
  readonly light: Colour
  readonly dark: Colour
}

/** A small flat drawing around a point. */
export interface Motif {
  readonly name: string
  /** The words that ask for it; see `Words.has`. */
  readonly words: string
  /** Paths in a square from -1 to 1, each with the colour it is filled with. */
  readonly parts: readonly (readonly [fill: 'body' | 'light' | 'dark' | 'leaf', path: string])[]
}

/** The motif that words name, or null. */
export function motifOf(words: Words): Motif | null {
  return MOTIFS.find((motif) => words.has(motif.words)) ?? null
}

/** Draws a motif: `size` pixels from its middle to its edge, turned by `degrees`. */
export function drawMotif(
  motif: Motif,
  at: Point & { readonly size: number; readonly degrees: number },
  colours: MotifColours,
): string {
  const fills = { ...colours, leaf: mix({ l: 0.58, a: -0.09, b: 0.08 }, colours.dark, 0.25) }
  const paths = motif.parts.map(([fill, path]) => `<path d="${path}" fill="${hex(fills[fill])}"/>`).join('')
  return `<g transform="translate(${number(at.x)} ${number(at.y)})rotate(${number(at.degrees)})scale(${number(at.size)})">${paths}</g>`
}

/** Colours for a motif on a ground, from the palette: the first accent that stands out. */
export function motifColours(palette: Palette, ground: Colour): MotifColours {
  const far = (colour: Colour): number =>
    Math.hypot(colour.l - ground.l, colour.a - ground.a, colour.b - ground.b)
  const body =
    palette.accents.find((accent) => far(accent) > 0.2) ?? (ground.l > 0.6 ? palette.ink : palette.paper)
  return { body, light: mix(palette.paper, body, 0.08), dark: lighter(mix(body, palette.ink, 0.72), -0.02) }
}

const round = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`

const PETALS = Array.from({ length: 6 }, (_, i) => {
  const angle = (i * Math.PI) / 3
  return round(Number((Math.cos(angle) * 0.56).toFixed(3)), Number((Math.sin(angle) * 0.56).toFixed(3)), 0.34)
}).join('')

/** All motifs; the first that matches is taken. */
export const MOTIFS: readonly Motif[] = [
  {
    name: 'fox',
    words: 'fox лис* αλεπού',
    parts: [
      ['body', 'M-.9-.95L-.3-.5Q0-.58.3-.5L.9-.95Q.98-.35.82.05Q.55.5 0 .92Q-.55.5-.82.05Q-.98-.35-.9-.95z'],
      ['dark', 'M-.8-.72L-.45-.42L-.78-.15Q-.86-.45-.8-.72zM.8-.72L.45-.42L.78-.15Q.86-.45.8-.72z'],
      [
        'light',
        'M-.82.05Q-.42-.08-.24.22Q-.12.45 0 .92Q-.55.5-.82.05zM.82.05Q.42-.08.24.22Q.12.45 0 .92Q.55.5.82.05z',
      ],
      [
        'dark',
        `${round(-0.34, 0.04, 0.08)}${round(0.34, 0.04, 0.08)}M-.13.74Q0 .66.13.74Q.1.88 0 .94Q-.1.88-.13.74z`,
      ],
    ],
  },
  {
    name: 'cat',
    words: 'cat kitten tiger кот* кош* γάτα',
    parts: [
      [
        'body',
        'M-.78-.95L-.3-.62Q0-.7.3-.62L.78-.95Q.95-.2.85.15Q.6.85 0 .85Q-.6.85-.85.15Q-.95-.2-.78-.95z',
      ],
      ['light', 'M-.3.3Q0 .1.3.3Q.4.7 0 .75Q-.4.7-.3.3z'],
      [
        'dark',
        `${round(-0.36, 0.02, 0.1)}${round(0.36, 0.02, 0.1)}M-.1.32H.1L0 .44zM-.66-.7L-.42-.52L-.68-.35zM.66-.7L.42-.52L.68-.35z`,
      ],
    ],
  },
  {
    name: 'lemon',
    words: 'lemon lime citrus orange лимон* λεμόνι',
    parts: [
      ['leaf', 'M.02-.62Q.3-1.15.9-1.02Q.7-.5.02-.62z'],
      [
        'body',
        'M-1.02.1Q-.88.02-.76-.24C-.4-.8.4-.78.74-.26Q.84-.08 1.02.02Q.88.14.78.36C.4.9-.4.92-.76.38Q-.86.2-1.02.1z',
      ],
      ['light', 'M-.6-.02Q-.42-.44-.06-.5Q.02-.44-.06-.4Q-.34-.34-.5.02Q-.56.06-.6-.02z'],
    ],
  },
  {
    name: 'fish',
    words: 'fish salmon seafood sushi whale рыб* ψάρι',
    parts: [
      ['body', 'M-1 0Q-.3-.72.45-.08L.98-.5Q.84 0 .98.5L.45.08Q-.3.72-1 0z'],
      ['light', 'M-.3-.32Q-.14 0-.3.32Q-.12.3.04.26Q.18 0 .04-.26Q-.12-.3-.3-.32z'],
      ['dark', round(-0.62, -0.06, 0.075)],
    ],
  },
  {
    name: 'bird',
    words: 'bird swallow owl parrot dove eagle птиц* πουλί',
    parts: [
      ['dark', 'M-.1-.02Q.2-.95.95-.9Q.9-.2.2.2z'],
      ['body', 'M-1-.1L-.76-.22Q-.7-.55-.4-.55Q-.1-.55.05-.22Q.4.05.98.02Q.7.42.1.46Q-.5.5-.72.02z'],
      ['light', 'M-.72.02Q-.4.02-.22.2Q-.06.38.1.46Q-.5.5-.72.02z'],
      ['dark', round(-0.5, -0.24, 0.06)],
    ],
  },
  {
    name: 'flower',
    words: 'flower daisy rose tulip floral blossom bloom peony poppy sunflower цвет* λουλούδι',
    parts: [
      ['body', PETALS],
      ['light', round(0, 0, 0.36)],
      ['dark', round(0, 0, 0.16)],
    ],
  },
  {
    name: 'mushroom',
    words: 'mushroom fungus toadstool гриб*',
    parts: [
      ['light', 'M-.28-.1Q-.2.5-.34.9H.34Q.2.5.28-.1z'],
      ['body', 'M-.98.05Q-.9-.9 0-.9Q.9-.9.98.05Q.5.22 0 .22Q-.5.22-.98.05z'],
      ['light', `${round(-0.42, -0.28, 0.15)}${round(0.2, -0.5, 0.13)}${round(0.52, -0.14, 0.1)}`],
    ],
  },
  {
    name: 'heart',
    words: 'heart love health dating сердц* καρδιά',
    parts: [
      [
        'body',
        'M0 .88C-1.25.1-.98-.82-.46-.82C-.16-.82 0-.56 0-.44C0-.56.16-.82.46-.82C.98-.82 1.25.1 0 .88z',
      ],
      ['light', 'M-.66-.2Q-.68-.52-.42-.56Q-.36-.5-.42-.46Q-.56-.42-.56-.2Q-.6-.14-.66-.2z'],
    ],
  },
  {
    name: 'rocket',
    words: 'rocket launch startup spaceship ракет*',
    parts: [
      ['dark', 'M-.36.1L-.72.52L-.34.5zM.36.1L.72.52L.34.5z'],
      ['body', 'M0-1Q.5-.5.42.2L.3.6H-.3L-.42.2Q-.5-.5 0-1z'],
      ['light', `${round(0, -0.18, 0.2)}M-.2.66H.2L0 1z`],
    ],
  },
  {
    name: 'cup',
    words: 'coffee cup tea mug café cafe espresso кофе чай',
    parts: [
      ['dark', 'M.5-.2Q.98-.22.92.15Q.86.5.4.46V.3Q.7.3.74.1Q.76-.08.5-.06z'],
      ['body', 'M-.62-.3H.62Q.64.72.2.8H-.2Q-.64.72-.62-.3z'],
      [
        'light',
        'M-.26-.46Q-.4-.66-.24-.8Q-.14-.92-.22-1.02Q.04-.9-.1-.7Q-.2-.58-.14-.46zM.16-.46Q.02-.66.18-.8Q.28-.92.2-1.02Q.46-.9.32-.7Q.22-.58.28-.46z',
      ],
    ],
  },
  {
    name: 'cactus',
    words: 'cactus succulent кактус*',
    parts: [
      [
        'leaf',
        'M-.2.4V-.6A.2.2 0 0 1 .2-.6V.4zM-.2.16H-.4A.24.24 0 0 1-.64-.08V-.3A.12.12 0 0 1-.4-.3V-.12H-.2zM.2 0H.42V-.26A.12.12 0 0 1 .66-.26V.02A.24.24 0 0 1 .42.26H.2z',
      ],
      ['body', 'M-.5.36H.5L.36.95H-.36z'],
      ['light', 'M-.56.3H.56V.46H-.56z'],
    ],
  },
  {
    name: 'bolt',
    words: 'bolt lightning energy electric power fast speed',
    parts: [['body', 'M.22-1L-.62.16H-.06L-.24 1L.64-.24H.06z']],
  },
  {
    name: 'camera',
    words: 'camera photo photography lens',
    parts: [
      ['body', 'M-.9-.46H-.42L-.26-.72H.26L.42-.46H.9V.66H-.9z'],
      ['light', round(0, 0.08, 0.42)],
      ['dark', `${round(0, 0.08, 0.28)}M.58-.32H.76V-.2H.58z`],
    ],
  },
  {
    name: 'note',
    words: 'music note song audio sound podcast музык* μουσική',
    parts: [
      [
        'body',
        `${round(-0.5, 0.6, 0.3)}${round(0.44, 0.44, 0.3)}M-.36-.74L.74-.94V.44H.56V-.5L-.2-.36V.6H-.36z`,
      ],
    ],
  },
  {
    name: 'chat',
    words: 'chat message talk bubble support speech',
    parts: [
      [
        'body',
        'M-.6-.72H.6A.32.32 0 0 1 .92-.4V.16A.32.32 0 0 1 .6.48H-.1L-.56.88V.48H-.6A.32.32 0 0 1-.92.16V-.4A.32.32 0 0 1-.6-.72z',
      ],
      ['light', `${round(-0.42, -0.12, 0.12)}${round(0, -0.12, 0.12)}${round(0.42, -0.12, 0.12)}`],
    ],
  },
  {
    name: 'mountain',
    words: 'mountain peak outdoor hiking summit гор* βουνό',
    parts: [
      ['light', round(0.46, -0.56, 0.24)],
      ['dark', 'M.02.8L.5-.1L1 .8z'],
      ['body', 'M-1 .8L-.22-.68L.56.8z'],
      ['light', 'M-.22-.68L-.5-.14L-.36-.26L-.22-.1L-.06-.26L.06-.14z'],
    ],
  },
  {
    name: 'house',
    words: 'house home cabin real-estate дом* σπίτι',
    parts: [
      ['body', 'M-.68-.1H.68V.84H-.68z'],
      ['dark', 'M-.96-.06L0-.9L.96-.06z'],
      ['light', 'M-.2.26H.2V.84H-.2z'],
    ],
  },
  {
    name: 'tree',
    words: 'tree pine fir forest christmas ёлк* дерев* δέντρο',
    parts: [
      ['dark', 'M-.12.6H.12V1H-.12z'],
      ['leaf', 'M0-1L.46-.34H.24L.66.2H.36L.84.74H-.84L-.36.2H-.66L-.24-.34H-.46z'],
    ],
  },
  {
    name: 'drop',
    words: 'drop water rain drip hydration вод* νερό',
    parts: [
      ['body', 'M0-1Q.78-.02.66.4A.68.68 0 1 1-.66.4Q-.78-.02 0-1z'],
      ['light', 'M-.4.3Q-.46.66-.06.78Q-.02.86-.1.88Q-.58.8-.52.3Q-.46.22-.4.3z'],
    ],
  },
  {
    name: 'moon',
    words: 'moon night sleep meditation лун* φεγγάρι',
    parts: [
      ['body', 'M.35-.88A.92.92 0 1 0 .88.5A.78.78 0 0 1 .35-.88z'],
      ['light', 'M.62-.62L.7-.42L.9-.34L.7-.26L.62-.06L.54-.26L.34-.34L.54-.42z'],
    ],
  },
  {
    name: 'star',
    words: 'star award favorite favourite звезд* αστέρι',
    parts: [['body', 'M0-1L.28-.33L.98-.28L.44.17L.61.85L0 .48L-.61.85L-.44.17L-.98-.28L-.28-.33z']],
  },
  {
    name: 'sun',
    words: 'sun weather solar summer солнц* ήλιος',
    parts: [
      [
        'body',
        'M0-1L.17-.6L.5-.87L.49-.43L.87-.5L.6-.17L1 0L.6.17L.87.5L.49.43L.5.87L.17.6L0 1L-.17.6L-.5.87L-.49.43L-.87.5L-.6.17L-1 0L-.6-.17L-.87-.5L-.49-.43L-.5-.87L-.17-.6z',
      ],
      ['light', round(0, 0, 0.38)],
    ],
  },
  {
    name: 'leaf',
    words: 'leaf plant nature botanical monstera eco vegan garden лист* φύλλο',
    parts: [
      ['leaf', 'M-.7.9Q-.98-.2-.2-.62Q.3-.86.86-.9Q.98.1.5.5Q.1.84-.52.66z'],
      ['light', 'M-.8.98Q-.4.2.4-.46Q.46-.4.42-.36Q-.2.3-.62 1z'],
    ],
  },
]
