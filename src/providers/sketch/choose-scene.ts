import { createRandom } from './random.ts'
import { drawCity } from './scenes/city.ts'
import { drawIcon, drawPattern } from './scenes/emblem.ts'
import { drawForest } from './scenes/forest.ts'
import { fruitOf } from './scenes/fruit.ts'
import { drawInterior } from './scenes/interior.ts'
import { drawKitchen } from './scenes/kitchen.ts'
import { drawLandscape } from './scenes/landscape.ts'
import { drawPortrait } from './scenes/portrait.ts'
import { drawPoster } from './scenes/poster.ts'
import { drawReef } from './scenes/reef.ts'
import { drawSea } from './scenes/sea.ts'
import { drawShapes } from './scenes/shapes.ts'
import { drawSpace } from './scenes/space.ts'
import { drawStillLife } from './scenes/still-life.ts'
import { drawStreet } from './scenes/street.ts'
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
    name: 'icon',
    draw: drawIcon,
    surely: 'icon logo emblem badge sticker favicon mascot иконка логотип',
    names: 'app symbol',
  },
  {
    name: 'pattern',
    draw: drawPattern,
    surely: 'pattern seamless wallpaper textile fabric repeating узор паттерн μοτίβο',
    names: 'tile print texture',
  },
  {
    name: 'poster',
    draw: drawPoster,
    surely: 'poster postcard плакат афиша αφίσα affiche plakat cartel',
    names: 'travel lettering typography',
  },
  {
    name: 'portrait',
    draw: drawPortrait,
    surely: 'portrait headshot selfie портрет πορτρέτο porträt retrato',
    names: 'ceramicist potter woman man girl boy person chef baker barista artist founder team face',
  },
  {
    name: 'kitchen',
    draw: drawKitchen,
    surely: 'kitchen countertop cuisine cocina küche кухня кухне κουζίνα',
    names: 'cooking shelf cabinet pantry',
  },
  {
    name: 'reef',
    draw: drawReef,
    surely: 'reef underwater undersea aquarium риф* подвод*',
    names: 'coral fish diver diving jellyfish turtle',
  },
  {
    name: 'space',
    draw: drawSpace,
    surely: 'space galaxy planet nebula astronaut spaceship cosmos cosmic космос* διάστημα',
    names: 'saturn mars orbit alien sci-fi',
  },
  {
    name: 'interior',
    draw: drawInterior,
    surely: 'interior lobby room office bedroom lounge library restaurant интерьер комнат* δωμάτιο',
    names: 'hotel café cafe sofa hall gallery museum studio workspace loft apartment bar',
  },
  {
    name: 'street',
    draw: drawStreet,
    surely: 'street alley avenue boulevard улиц* δρόμος rue strasse calle',
    names: 'neon tokyo shibuya lane market traffic pedestrian crossing crosswalk umbrella',
  },
  {
    name: 'city',
    draw: drawCity,
    surely: 'skyline skyscraper cityscape metropolis rooftop',
    names:
      'city downtown urban building tower architecture lisbon paris london york berlin bridge город* города πόλη πόλης stadt ville ciudad',
  },
  {
    name: 'still-life',
    draw: drawStillLife,
    surely: 'still-life still flatlay macro product bottle bouquet натюрморт',
    names:
      'fruit fig lemon pear apple orange cup mug coffee tea bread food breakfast vase flower table wine perfume cake bowl plate jar candle ceramic flat packaging',
  },
  {
    name: 'sea',
    draw: drawSea,
    surely: 'sea ocean lighthouse sailboat beach море морем θάλασσα mer meer mar маяк*',
    names: 'wave boat ship harbour harbor coast island lake sail bay shore surf water',
  },
  {
    name: 'forest',
    draw: drawForest,
    surely: 'forest woodland woods jungle rainforest лес* δάσος wald forêt bosque',
    names: 'tree pine fern moss trail birch bamboo',
  },
  {
    name: 'landscape',
    draw: drawLandscape,
    surely: 'landscape mountain desert valley hut cabin гор* горы горах βουν* пустын* έρημος',
    names:
      'hill field meadow wheat dune canyon road snow volcano alpine prairie vineyard countryside storm sky sunset sunrise',
  },
  {
    name: 'shapes',
    draw: drawShapes,
    surely: 'abstract minimal minimalist',
    names: 'shape form background gradient composition',
  },
  { name: 'tiles', draw: drawTiles, surely: 'geometric bauhaus mosaic tessellation', names: 'grid tile' },
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
  if (best !== null) return best
  if (fruitOf(words) !== null) return { name: 'still-life', draw: drawStillLife }
  const lot = createRandom(`scene ${prompt}`).pick(['landscape', 'landscape', 'sea', 'shapes', 'tiles'])
  return CHOICES.find((choice) => choice.name === lot) ?? { name: 'tiles', draw: drawTiles }
}

// What is named early in a prompt is more often its subject.
function weigh(words: Words, names: string, worth: number): number {
  const place = words.place(names)
  return place === -1 ? 0 : worth * (1 + 1 / (1 + place / 3))
}
