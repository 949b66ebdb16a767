import { type Colour, lch } from './colour.ts'

/** A colour that words name, and whether it is a hue (it tints the scene) or only light and dark. */
export interface NamedColour {
  readonly names: string
  readonly colour: Colour
}

/** Colours and materials by the words that name them; see `Words.has`. */
export const COLOUR_NAMES: readonly NamedColour[] = [
  { names: 'red crimson scarlet cherry ruby красн* κόκκιν* rouge rot rojo', colour: lch(0.58, 0.21, 27) },
  { names: 'brick rust', colour: lch(0.53, 0.14, 38) },
  { names: 'terracotta clay copper', colour: lch(0.64, 0.13, 44) },
  { names: 'orange tangerine apricot оранж* πορτοκαλ* naranja', colour: lch(0.74, 0.17, 55) },
  { names: 'fox', colour: lch(0.69, 0.17, 48) },
  { names: 'amber honey caramel mustard ochre янтар*', colour: lch(0.76, 0.14, 76) },
  { names: 'gold golden brass золот* χρυσ*', colour: lch(0.8, 0.13, 85) },
  { names: 'yellow lemon sunflower жёлт* желт* κίτριν* jaune gelb amarillo', colour: lch(0.89, 0.17, 98) },
  { names: 'lime chartreuse', colour: lch(0.86, 0.19, 122) },
  { names: 'olive', colour: lch(0.58, 0.1, 115) },
  { names: 'green emerald fern зелён* зелен* πράσιν* vert grün verde', colour: lch(0.6, 0.14, 148) },
  { names: 'moss', colour: lch(0.55, 0.11, 128) },
  { names: 'sage eucalyptus', colour: lch(0.74, 0.05, 150) },
  { names: 'mint jade', colour: lch(0.83, 0.1, 165) },
  { names: 'teal turquoise бирюз*', colour: lch(0.65, 0.11, 192) },
  { names: 'cyan aqua', colour: lch(0.82, 0.13, 205) },
  { names: 'blue azure cobalt син* голуб* μπλε bleu blau azul', colour: lch(0.58, 0.16, 252) },
  { names: 'navy ink', colour: lch(0.34, 0.1, 265) },
  { names: 'indigo', colour: lch(0.44, 0.16, 280) },
  { names: 'purple violet amethyst фиолет* μωβ', colour: lch(0.55, 0.19, 303) },
  { names: 'lavender lilac сирен*', colour: lch(0.78, 0.1, 302) },
  { names: 'magenta fuchsia', colour: lch(0.66, 0.25, 345) },
  { names: 'pink rose blush salmon peony розов* ροζ rosa', colour: lch(0.79, 0.12, 5) },
  { names: 'fig plum aubergine burgundy wine bordeaux mulberry инжир*', colour: lch(0.42, 0.12, 345) },
  { names: 'peach', colour: lch(0.85, 0.1, 55) },
  { names: 'coral', colour: lch(0.72, 0.17, 30) },
  { names: 'brown chocolate walnut mahogany umber oak коричнев*', colour: lch(0.45, 0.08, 52) },
  { names: 'coffee espresso', colour: lch(0.4, 0.06, 50) },
  { names: 'sand beige tan linen oatmeal песочн*', colour: lch(0.85, 0.055, 78) },
  { names: 'cream ivory vanilla', colour: lch(0.94, 0.04, 88) },
  { names: 'white porcelain бел* λευκ* άσπρ* blanc weiß blanco', colour: lch(0.97, 0.006, 90) },
  { names: 'grey gray silver concrete slate steel сер*', colour: lch(0.66, 0.012, 250) },
  { names: 'black charcoal onyx чёрн* черн* μαύρ* noir schwarz negro', colour: lch(0.22, 0.012, 270) },
]

/** What the ground and its growth are coloured like, by the place or subject that words name. */
export const SUBJECT_COLOURS: readonly NamedColour[] = [
  { names: 'wheat barley grain hay savanna* prairie пшен* поле', colour: lch(0.74, 0.13, 82) },
  {
    names: 'desert dune sahara canyon mesa sandstone пустын* έρημος wüste désert',
    colour: lch(0.68, 0.12, 50),
  },
  {
    names: 'forest pine wood* jungle fern moss* rainforest лес* леса δάσος wald forêt bosque',
    colour: lch(0.5, 0.09, 150),
  },
  {
    names: 'meadow hill hills field grass garden park tea vineyard valley луг* сад* κήπος',
    colour: lch(0.62, 0.12, 132),
  },
  {
    names: 'sea ocean lake coast beach harbor harbour island river море мор* озер* θάλασσα mer meer mar',
    colour: lch(0.58, 0.09, 218),
  },
  { names: 'lavender heather', colour: lch(0.58, 0.12, 300) },
  { names: 'mars volcano lava', colour: lch(0.52, 0.15, 33) },
  { names: 'fig plum grape', colour: lch(0.42, 0.1, 335) },
  { names: 'lemon citrus', colour: lch(0.8, 0.12, 115) },
  { names: 'coffee espresso bread bakery chocolate', colour: lch(0.5, 0.08, 52) },
]
