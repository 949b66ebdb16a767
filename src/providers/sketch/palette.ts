import { COLOUR_NAMES, SUBJECT_COLOURS } from './colour-names.ts'
import { atLightness, chroma, type Colour, lch, mix, saturated } from './colour.ts'
import { createRandom } from './random.ts'
import { type Tone, TONES } from './tones.ts'
import type { Words } from './words.ts'

/** The colours of one sketch; scenes use these and mixes of them, so that everything belongs together. */
export interface Palette {
  /** Top, middle and horizon. */
  readonly sky: readonly [Colour, Colour, Colour]
  readonly far: Colour
  readonly near: Colour
  readonly glow: Colour
  /** Three or more, the most wanted first. */
  readonly accents: readonly [Colour, Colour, Colour]
  /** What the ground grows or is made of, at middle lightness: grain, sand, grass, water. */
  readonly ground: Colour
  /** Light behind windows and in lamps: always warm, unless the picture is grey. */
  readonly lamp: Colour
  /** The darkest and the lightest colour. */
  readonly ink: Colour
  readonly paper: Colour
  /** True for night, dusk, storm and the like: lamps are lit. */
  readonly dark: boolean
  /** The colour `share` (0 far .. 1 near) of the way from haze to foreground. */
  layer(share: number): Colour
}

/** Chooses colours from the words: light from hour and mood, ground from the subject, accents from colours named; the prompt's hash decides the rest. */
export function choosePalette(words: Words, prompt: string): Palette {
  const random = createRandom(`palette ${prompt}`)
  const common = TONES.filter((tone) => tone.common)
  const named = namedColours(words)
  const fallback = common[random.whole(0, common.length - 1)] ?? TONES[0]
  const tone = TONES.find((tone) => words.has(tone.names)) ?? fallback
  if (tone === undefined) throw new Error('there is at least one tone')
  const subject = SUBJECT_COLOURS.find((entry) => words.has(entry.names))?.colour ?? null
  const hue = named.find((colour) => chroma(colour) > 0.05) ?? null
  const turned = turnedTone(tone, random.between(-8, 8))
  return muted(words) ? paletteOf(greyTone(turned), null, null, []) : paletteOf(turned, subject, hue, named)
}

function paletteOf(
  tone: Tone,
  subject: Colour | null,
  hue: Colour | null,
  named: readonly Colour[],
): Palette {
  const ground = subject ?? hue
  const near = ground === null ? tone.near : hued(tone.near, ground, 0.62)
  const far = ground === null ? tone.far : hued(tone.far, ground, 0.42)
  const tint = (colour: Colour, share: number): Colour => (hue === null ? colour : hued(colour, hue, share))
  const [top, middle, low] = tone.sky
  const [first, second, third] = [...named, ...tone.accents]
  const [one, two, three] = tone.accents
  return {
    sky: [tint(top, 0.3), tint(middle, 0.22), tint(low, 0.12)],
    far: tint(far, 0.2),
    near: tint(near, 0.2),
    glow: tint(tone.glow, 0.1),
    accents: [first ?? one, second ?? two, third ?? three],
    ground: ground ?? atLightness(saturated(near, 1.2), 0.6),
    lamp: mix(lch(0.87, 0.125, 80), one, chroma(one) < 0.03 ? 0.9 : 0.08),
    ink: atLightness(saturated(near, 0.8), 0.17),
    paper: mix(lch(0.97, 0.015, 85), tone.glow, 0.25),
    dark: tone.dark,
    layer: (share) => mix(tint(far, 0.2), tint(near, 0.2), share),
  }
}

// The colours that words name, in the order they are named.
function namedColours(words: Words): readonly Colour[] {
  return COLOUR_NAMES.map(({ names, colour }) => ({ colour, place: words.place(names) }))
    .filter(({ place }) => place !== -1)
    .sort((a, b) => a.place - b.place)
    .map(({ colour }) => colour)
}

function muted(words: Words): boolean {
  return words.has('monochrome grayscale greyscale') || (words.has('black') && words.has('white'))
}

// Keeps the lightness, which carries the depth, and borrows hue and chroma.
function hued(colour: Colour, other: Colour, share: number): Colour {
  return mix(colour, atLightness(other, colour.l), share)
}

function turnedTone(tone: Tone, degrees: number): Tone {
  const turn = (colour: Colour): Colour => {
    const angle = (degrees * Math.PI) / 180
    return {
      l: colour.l,
      a: colour.a * Math.cos(angle) - colour.b * Math.sin(angle),
      b: colour.a * Math.sin(angle) + colour.b * Math.cos(angle),
    }
  }
  return mappedTone(tone, turn)
}

function greyTone(tone: Tone): Tone {
  return mappedTone(tone, (colour) => saturated(colour, 0.08))
}

function mappedTone(tone: Tone, map: (colour: Colour) => Colour): Tone {
  const [top, middle, low] = tone.sky
  const [first, second, third] = tone.accents
  return {
    ...tone,
    sky: [map(top), map(middle), map(low)],
    far: map(tone.far),
    near: map(tone.near),
    glow: map(tone.glow),
    accents: [map(first), map(second), map(third)],
  }
}
