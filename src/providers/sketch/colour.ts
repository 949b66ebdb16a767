/** A colour in OKLab: equal steps look equal, so that mixes stay clean. Lightness 0..1. */
export interface Colour {
  readonly l: number
  readonly a: number
  readonly b: number
}

/** A colour from lightness (0..1), chroma (0..0.3) and hue in degrees. */
export function lch(lightness: number, chroma: number, hue: number): Colour {
  const angle = (hue * Math.PI) / 180
  return { l: lightness, a: chroma * Math.cos(angle), b: chroma * Math.sin(angle) }
}

/** The colour `share` (0..1) of the way from one to another. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return {
    l: from.l + (to.l - from.l) * share,
    a: from.a + (to.a - from.a) * share,
    b: from.b + (to.b - from.b) * share,
  }
}

/** The same hue, lighter by `step` (darker when negative), within 0..1. */
export function lighter(colour: Colour, step: number): Colour {
  return { ...colour, l: Math.min(1, Math.max(0, colour.l + step)) }
}

/** The same colour at another lightness. */
export function atLightness(colour: Colour, lightness: number): Colour {
  return { ...colour, l: lightness }
}

/** The same colour with its chroma multiplied. */
export function saturated(colour: Colour, factor: number): Colour {
  return { l: colour.l, a: colour.a * factor, b: colour.b * factor }
}

/** Distance from grey, 0..0.4. */
export function chroma(colour: Colour): number {
  return Math.hypot(colour.a, colour.b)
}

/** `#rrggbb`; colours outside sRGB lose chroma until they fit, and keep hue and lightness. */
export function hex(colour: Colour): string {
  let shown = colour
  for (let i = 0; i < 12 && !inGamut(linear(shown)); i++) shown = saturated(shown, 0.88)
  return `#${linear(shown).map(byte).join('')}`
}

function linear({ l, a, b }: Colour): readonly [number, number, number] {
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ]
}

function inGamut(channels: readonly number[]): boolean {
  return channels.every((channel) => channel > -0.001 && channel < 1.001)
}

function byte(channel: number): string {
  const clipped = Math.min(1, Math.max(0, channel))
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, '0')
}
