import { createRandom } from './random.ts'
import { drawCity } from './scenes/city.ts'
import { drawLandscape } from './scenes/landscape.ts'
import { drawTiles } from './scenes/tiles.ts'
import type { Scene } from './stage.ts'
import type { Words } from './words.ts'

/** A scene by its name, and the words that speak for it; those of `surely` outweigh the others. */
interface Choice {
  readonly name: string
  readonly draw: Scene
  readonly surely: string
  readonly names: string
}

const CHOICES: readonly Choice[] = [
  {
    name: 'tiles',
    draw: drawTiles,
    surely: 'pattern seamless tile geometric abstract icon logo texture wallpaper',
    names: 'shape minimal bauhaus mosaic',
  },
  {
    name: 'city',
    draw: drawCity,
    surely: 'skyline skyscraper cityscape metropolis',
    names:
      'city street town downtown urban building neon tokyo lisbon paris london york город* πόλη stadt ville ciudad',
  },
  {
    name: 'landscape',
    draw: drawLandscape,
    surely: 'landscape mountain desert valley',
    names: 'hill field meadow wheat dune canyon road hut cabin snow volcano lake гор* βουν*',
  },
]

/** The scene that a prompt's words speak for most; a prompt that speaks for none gets one by its hash. */
export function chooseScene(words: Words, prompt: string): { readonly name: string; readonly draw: Scene } {
  let best: Choice | null = null
  let bestWeight = 0
  for (const choice of CHOICES) {
    const weight = weigh(words, choice.surely, 3) + weigh(words, choice.names, 1)
    if (weight > bestWeight) {
      best = choice
      bestWeight = weight
    }
  }
  const lot = createRandom(`scene ${prompt}`).pick(['landscape', 'landscape', 'tiles'])
  return best ?? CHOICES.find((choice) => choice.name === lot) ?? { name: 'tiles', draw: drawTiles }
}

// What is named early in a prompt is more often its subject.
function weigh(words: Words, names: string, worth: number): number {
  const place = words.place(names)
  return place === -1 ? 0 : worth * (1 + 1 / (1 + place / 3))
}
