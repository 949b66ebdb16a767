import { type Colour, lch } from './colour.ts'

/** The light of a scene: what the hour, the weather or the mood gives. */
export interface Tone {
  /** The words that ask for it; see `Words.has`. */
  readonly names: string
  /** The sky at its top, half way, and at the horizon. */
  readonly sky: readonly [Colour, Colour, Colour]
  /** Land in the haze, and land in front. */
  readonly far: Colour
  readonly near: Colour
  /** The sun, the moon or a lamp. */
  readonly glow: Colour
  readonly accents: readonly [Colour, Colour, Colour]
  readonly dark: boolean
  /** May be chosen for a prompt that names no light at all. */
  readonly common?: true
}

const coral = lch(0.7, 0.17, 32)
const amber = lch(0.82, 0.15, 78)
const teal = lch(0.66, 0.1, 195)
const plum = lch(0.48, 0.13, 345)

/** The lights, the more telling first: a prompt takes the first one it names. */
export const TONES: readonly Tone[] = [
  {
    names: 'neon cyberpunk vaporwave synthwave неон* νέον',
    sky: [lch(0.16, 0.07, 292), lch(0.25, 0.13, 300), lch(0.47, 0.2, 342)],
    far: lch(0.36, 0.14, 300),
    near: lch(0.12, 0.05, 285),
    glow: lch(0.78, 0.2, 350),
    accents: [lch(0.67, 0.27, 352), lch(0.83, 0.14, 200), lch(0.88, 0.16, 98)],
    dark: true,
  },
  {
    names: 'underwater reef coral ocean-floor undersea submarine deep-sea diver diving aquarium риф*',
    sky: [lch(0.83, 0.09, 195), lch(0.57, 0.11, 222), lch(0.31, 0.1, 248)],
    far: lch(0.5, 0.1, 228),
    near: lch(0.22, 0.07, 255),
    glow: lch(0.96, 0.06, 180),
    accents: [lch(0.7, 0.19, 22), lch(0.82, 0.15, 75), lch(0.66, 0.19, 335)],
    dark: true,
  },
  {
    names: 'storm stormy thunder* tempest lightning гроз* шторм* καταιγίδα',
    sky: [lch(0.29, 0.035, 262), lch(0.44, 0.045, 245), lch(0.73, 0.07, 95)],
    far: lch(0.48, 0.045, 225),
    near: lch(0.24, 0.045, 120),
    glow: lch(0.9, 0.09, 95),
    accents: [lch(0.8, 0.13, 82), lch(0.63, 0.08, 225), lch(0.55, 0.12, 40)],
    dark: true,
  },
  {
    names:
      'dusk twilight evening blue-hour gloaming сумерк* вечер* σούρουπο crepusc* abend dämmerung soir anochecer',
    sky: [lch(0.3, 0.1, 282), lch(0.53, 0.14, 335), lch(0.83, 0.12, 55)],
    far: lch(0.52, 0.11, 325),
    near: lch(0.18, 0.06, 285),
    glow: lch(0.93, 0.1, 75),
    accents: [coral, amber, lch(0.6, 0.12, 300)],
    dark: true,
    common: true,
  },
  {
    names: 'sunset golden закат* ηλιοβασίλεμα sonnenuntergang coucher atardecer tramonto',
    sky: [lch(0.47, 0.11, 320), lch(0.71, 0.16, 38), lch(0.9, 0.11, 84)],
    far: lch(0.66, 0.12, 38),
    near: lch(0.24, 0.07, 345),
    glow: lch(0.97, 0.08, 92),
    accents: [coral, amber, plum],
    dark: false,
    common: true,
  },
  {
    names: 'night midnight moon moonlit nocturn* starry stars dark ноч* звёзд* νύχτα nacht nuit noche notte',
    sky: [lch(0.17, 0.06, 276), lch(0.28, 0.09, 268), lch(0.46, 0.1, 258)],
    far: lch(0.38, 0.09, 262),
    near: lch(0.12, 0.04, 272),
    glow: lch(0.95, 0.04, 95),
    accents: [amber, lch(0.72, 0.12, 230), lch(0.7, 0.15, 20)],
    dark: true,
  },
  {
    names: 'autumn fall october harvest осен* φθινόπωρο herbst automne',
    sky: [lch(0.75, 0.06, 235), lch(0.87, 0.05, 80), lch(0.94, 0.06, 80)],
    far: lch(0.74, 0.1, 62),
    near: lch(0.32, 0.09, 38),
    glow: lch(0.97, 0.07, 90),
    accents: [lch(0.64, 0.18, 42), lch(0.78, 0.15, 78), lch(0.45, 0.13, 22)],
    dark: false,
  },
  {
    names:
      'snow snowy winter ice icy frost* frozen glacier arctic polar alpine снег* зим* снеж* χιόνι χειμώνας neige schnee nieve',
    sky: [lch(0.62, 0.08, 256), lch(0.81, 0.055, 262), lch(0.94, 0.045, 45)],
    far: lch(0.82, 0.045, 255),
    near: lch(0.38, 0.07, 258),
    glow: lch(0.98, 0.04, 70),
    accents: [lch(0.63, 0.19, 28), lch(0.83, 0.12, 80), lch(0.55, 0.1, 250)],
    dark: false,
  },
  {
    names: 'fog foggy mist misty haze hazy overcast cloudy grey gray туман* ομίχλη nebel brume niebla',
    sky: [lch(0.78, 0.025, 235), lch(0.86, 0.022, 220), lch(0.93, 0.02, 90)],
    far: lch(0.81, 0.022, 225),
    near: lch(0.36, 0.035, 215),
    glow: lch(0.98, 0.02, 90),
    accents: [lch(0.62, 0.13, 38), lch(0.6, 0.06, 200), lch(0.75, 0.08, 85)],
    dark: false,
  },
  {
    names: 'dawn sunrise morning daybreak утр* рассвет* πρωί αυγή morgen matin mañana alba',
    sky: [lch(0.69, 0.08, 252), lch(0.86, 0.06, 30), lch(0.95, 0.06, 78)],
    far: lch(0.77, 0.065, 20),
    near: lch(0.36, 0.07, 300),
    glow: lch(0.98, 0.06, 88),
    accents: [lch(0.72, 0.14, 30), lch(0.85, 0.12, 85), lch(0.6, 0.08, 215)],
    dark: false,
    common: true,
  },
  {
    names: 'rain rainy wet drizzle дожд* βροχή pluie regen lluvia',
    sky: [lch(0.42, 0.04, 250), lch(0.58, 0.045, 240), lch(0.77, 0.04, 220)],
    far: lch(0.58, 0.045, 235),
    near: lch(0.24, 0.04, 250),
    glow: lch(0.93, 0.07, 85),
    accents: [lch(0.68, 0.17, 30), lch(0.83, 0.13, 82), lch(0.65, 0.1, 210)],
    dark: true,
  },
  {
    names: 'vintage retro sepia antique old-fashioned nostalgi* mid-century',
    sky: [lch(0.64, 0.07, 190), lch(0.83, 0.06, 95), lch(0.93, 0.06, 85)],
    far: lch(0.72, 0.1, 60),
    near: lch(0.32, 0.07, 40),
    glow: lch(0.95, 0.07, 88),
    accents: [lch(0.63, 0.17, 36), lch(0.8, 0.14, 80), lch(0.5, 0.08, 200)],
    dark: false,
  },
  {
    names: 'pastel soft gentle dreamy delicate airy нежн*',
    sky: [lch(0.83, 0.06, 300), lch(0.9, 0.05, 10), lch(0.96, 0.04, 75)],
    far: lch(0.84, 0.055, 330),
    near: lch(0.55, 0.08, 290),
    glow: lch(0.99, 0.03, 90),
    accents: [lch(0.79, 0.11, 20), lch(0.87, 0.08, 165), lch(0.75, 0.09, 285)],
    dark: false,
  },
  {
    names:
      'noon midday sunny day daylight bright summer spring clear лет* весн* день καλοκαίρι άνοιξη été sommer verano',
    sky: [lch(0.67, 0.12, 243), lch(0.82, 0.08, 230), lch(0.95, 0.035, 190)],
    far: lch(0.76, 0.06, 225),
    near: lch(0.36, 0.07, 195),
    glow: lch(0.98, 0.05, 98),
    accents: [coral, amber, teal],
    dark: false,
    common: true,
  },
  {
    names: 'warm cosy cozy rustic wood wooden terracotta leather тёпл* уют*',
    sky: [lch(0.78, 0.07, 60), lch(0.88, 0.055, 72), lch(0.95, 0.04, 82)],
    far: lch(0.78, 0.075, 62),
    near: lch(0.3, 0.06, 42),
    glow: lch(0.98, 0.06, 88),
    accents: [lch(0.62, 0.14, 40), lch(0.8, 0.12, 78), lch(0.52, 0.07, 145)],
    dark: false,
    common: true,
  },
]

/** What a palette falls back on for paper-like surfaces. */
