import { openEncoder } from '../../src/effects/open-encoder.ts'
import { drawSketch } from '../../src/providers/sketch/draw-sketch.ts'
import { recipeOf } from '../support/recipe.ts'
import type { Bench } from './support/bench.ts'
import { childProcesses } from './support/child-processes.ts'

const PROMPTS = [
  'A lighthouse by a calm sea at dusk',
  'A bowl of fruit on a kitchen table',
  'A street of houses in rain',
  'A forest in autumn fog',
  'A portrait of an old sailor',
  'A pattern of leaves',
  'A rocket above a blue planet',
  'An armchair by a window',
]
const SIZE = { width: 1536, height: 1024 }

/** Drawn, and nothing made of it. */
const RECIPE = recipeOf({ focus: 'center', placeholder: 'off' })

/** Sketches of several kinds of scene at the size of a bought picture, drawn to the pixels that files are made of, as a run draws many. */
export const sketch: Bench = {
  name: 'Sketches at 1536 × 1024',
  run: async ({ quick }) => {
    const wordsBegan = performance.now()
    const svgs = Array.from({ length: quick ? 24 : 96 }, (_, take) => svgOf(take))
    const svgMs = (performance.now() - wordsBegan) / svgs.length
    const encoder = openEncoder(svgs.length)
    const draw = async (svg = ''): Promise<unknown> =>
      encoder.encode({
        original: { svg, ...SIZE },
        recorded: SIZE,
        recipe: RECIPE,
        outputs: [],
        xmp: null,
        onOutput: async () => undefined,
        onTooLarge: () => undefined,
      })
    await draw(svgs[0])
    const cpuBefore = cpuMs()
    const began = performance.now()
    await Promise.all(svgs.map(draw))
    const seconds = (performance.now() - began) / 1000
    const perSketch = (cpuMs() - cpuBefore) / svgs.length
    encoder.close()
    return [
      { what: 'sketches', value: svgs.length / seconds, unit: 'a second', bound: 50, least: true },
      {
        what: 'CPU of one',
        value: perSketch,
        unit: 'ms',
        bound: null,
        note: `and ${svgMs.toFixed(1)} ms for the SVG`,
      },
    ]
  },
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return childProcesses().reduce((sum, child) => sum + child.cpuMs, (user + system) / 1000)
}

function svgOf(take: number): string {
  const prompt = PROMPTS[take % PROMPTS.length] ?? ''
  return drawSketch({ prompt, caption: 'home/hero', ...SIZE, take: take + 1, mark: 'DRAFT' })
}
