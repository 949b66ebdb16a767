import { drawRaw } from '../../src/effects/draw.ts'
import { usableCores } from '../../src/effects/cores.ts'
import { drawSketch } from '../../src/providers/sketch/draw-sketch.ts'
import type { Bench } from './support/bench.ts'

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

/** Sketches of several kinds of scene at the size of a bought picture, drawn to the pixels that files are made of, as many at once as there are cores and one. */
export const sketch: Bench = {
  name: 'Sketches at 1536 × 1024',
  run: async ({ quick }) => {
    const svgs = Array.from({ length: quick ? 24 : 96 }, (_, take) => svgOf(take))
    await drawRaw({ svg: svgs[0] ?? '', ...SIZE })
    const cpuBefore = process.cpuUsage()
    const began = performance.now()
    let next = 0
    const worker = async (): Promise<void> => {
      for (let at = next++; at < svgs.length; at = next++) await drawRaw({ svg: svgs[at] ?? '', ...SIZE })
    }
    await Promise.all(Array.from({ length: usableCores() + 1 }, worker))
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    const cpuMs = (user + system) / 1000 / svgs.length
    const wordsBegan = performance.now()
    for (let take = 0; take < svgs.length; take += 1) svgOf(take)
    const svgMs = (performance.now() - wordsBegan) / svgs.length
    return [
      { what: 'sketches', value: svgs.length / seconds, unit: 'a second', bound: 50, least: true },
      {
        what: 'CPU of one',
        value: cpuMs,
        unit: 'ms',
        bound: null,
        note: `of these ${svgMs.toFixed(1)} ms for the SVG`,
      },
    ]
  },
}

function svgOf(take: number): string {
  const prompt = PROMPTS[take % PROMPTS.length] ?? ''
  return drawSketch({ prompt, caption: 'home/hero', ...SIZE, take: take + 1, mark: 'DRAFT' })
}
