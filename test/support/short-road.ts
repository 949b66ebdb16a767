import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runBuild, testProject } from './project.ts'
import type { Run, TestProject } from './project.ts'

/** An image as this test writes it: its lines below the id, by key. */
type Settings = Record<string, string>
type Written = Map<string, Settings>

/** A small generator of numbers, the same ones for a seed. */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * Edits a project at random, again and again, and builds it twice after each edit: as it is, and as a copy without
 * its state, which has to read everything. Both must come to the same. Resolves with how often the first build read
 * only what changed.
 */
export async function compareRoads(seed: number, edits: number): Promise<number> {
  const chance = chanceOf(seed)
  const images: Written = new Map(
    ['hero', 'about/team', 'Icon_1', 'footer', 'shelf/lamp-2'].map((id) => [id, firstSettings(id)]),
  )
  const project = await testProject(printed(images))
  await project.build({ budget: 1e6 })
  let short = 0
  for (let edit = 0; edit < edits; edit += 1) {
    const what = editAtRandom(images, chance)
    const text = spoiled(printed(images), chance)
    project.write('pixelkiln.yaml', text)
    const [own, whole] = await buildBoth(project)
    expect(own.seen, `seed ${seed}, edit ${edit}: ${what}\n${text}`).toEqual(whole)
    if (own.run.result.lock === null && own.run.result.plan !== null) short += 1
    // What was remembered holds: the next run finds nothing to do, in the quick way.
    const again = await project.build({ budget: 1e6 })
    if (own.run.exitCode === 0 && own.run.finished.notes.length === 0) expect(again.result.plan).toBeNull()
    expect(again.codes).toEqual(own.run.codes)
  }
  return short
}

async function buildBoth(project: TestProject): Promise<readonly [{ run: Run; seen: unknown }, unknown]> {
  const copy = mkdtempSync(join(tmpdir(), 'pixelkiln-whole-'))
  try {
    cpSync(project.folder, copy, { recursive: true })
    rmSync(join(copy, '.pixelkiln/state.bin'), { force: true })
    const run = await project.build({ budget: 1e6 })
    const whole = await runBuild(copy, project.emulator, { budget: 1e6 })
    return [{ run, seen: seenOf(project.folder, run, project) }, seenOf(copy, whole, project)]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function seenOf(folder: string, run: Run, project: TestProject): unknown {
  const { seconds: _, ...finished } = run.finished
  const inFolder = { ...project, path: (name: string) => join(folder, name) }
  const names = project.files('images')
  const others = run.events.filter(
    ({ type }) => type === 'encoded' || type === 'removed' || type === 'planned',
  )
  return {
    exitCode: run.exitCode,
    finished,
    events: others.map((event) => JSON.stringify(event)).sort(),
    inputs: run.result.inputs,
    files: names.map((name) => [name, readFileSync(inFolder.path(`images/${name}`), 'latin1')]),
  }
}

function firstSettings(id: string): Settings {
  return { prompt: `A picture called ${id}.`, alt: `Alt of ${id}` }
}

const HEAD = `version: 1
out: images
defaults: { model: dall-e-3, aspect: "3:2", outputs: { formats: [webp, jpeg], widths: [32, 48], effort: { webp: 0 } } }
# pictures
images:

`

function printed(images: Written): string {
  const blocks = [...images].map(([id, settings]) => {
    const lines = Object.entries(settings).map(([key, value]) => `    ${key}: ${value}\n`)
    return `  ${id}:\n${lines.join('')}`
  })
  return HEAD + blocks.join('\n')
}

const EDITS: readonly ((settings: Settings, chance: (below: number) => number, images: Written) => string)[] =
  [
    (settings, chance) => ((settings['alt'] = `"Alt ${chance(1000)}"`), 'alt'),
    (settings, chance) => (
      (settings['alt'] = `>\n      Alt ${chance(1000)}\n      in two lines`),
      'folded alt'
    ),
    (settings, chance) => ((settings['outputs'] = `{ quality: ${20 + chance(60)} }`), 'quality'),
    (settings, chance) => ((settings['outputs'] = `{ widths: [${16 + chance(20)}, 40] }`), 'widths'),
    (settings, chance) => ((settings['focus'] = `[0.${chance(9)}, 0.5]`), 'focus'),
    (settings, chance) => ((settings['prompt'] = `Other words ${chance(4)}.`), 'prompt'),
    (settings, chance) => ((settings['aspect'] = ['"3:2"', '"1:1"', '"16:9"'][chance(3)] ?? ''), 'aspect'),
    (settings) => (delete settings['alt'], 'no alt'),
    (settings) => (delete settings['outputs'], 'no outputs'),
    (settings) => ((settings['alt'] = '&words Shared'), 'anchor'),
    (settings) => ((settings['alt'] = '*words'), 'alias'),
    (settings) => ((settings['alt'] = '"not closed'), 'open quote'),
    (settings) => ((settings['decorative'] = 'true'), 'decorative'),
    (settings, chance) => ((settings['pick'] = String(1 + chance(2))), 'pick'),
    (settings) => ((settings['unknown'] = '1'), 'unknown key'),
    (settings) => (delete settings['unknown'], 'no unknown key'),
    (_, chance, images) => (images.set(`new-${chance(3)}`, firstSettings('hero')), 'another image'),
    (_, chance, images) => (images.delete(`new-${chance(3)}`), 'one image less'),
    (_, __, images) => (images.set('crop', { from: 'hero', alt: 'Crop', aspect: '"1:1"' }), 'crop'),
    (_, __, images) => (images.delete('crop'), 'no crop'),
  ]

function editAtRandom(images: Written, chance: (below: number) => number): string {
  // What an edit broke before is mended, or little would be left that is whole.
  for (const [id, settings] of images) {
    if (settings['from'] === undefined && /^["*&]?(?:not|words)|^\*/.test(settings['alt'] ?? ''))
      settings['alt'] = `Mended ${id}`
    settings['alt'] ??= `Given ${id}`
    delete settings['unknown']
  }
  return Array.from({ length: 1 + chance(2) }, () => {
    const settings = [...images.values()][chance(images.size)] ?? {}
    // Half of them of the kinds that are free.
    const edit = EDITS[chance(2) === 0 ? chance(5) : chance(EDITS.length)]
    return edit?.(settings, chance, images) ?? ''
  }).join(', ')
}

/** The same in another layout, now and then. */
function spoiled(text: string, chance: (below: number) => number): string {
  switch (chance(12)) {
    case 0:
      return text.replaceAll('\n', '\r\n')
    case 1:
      return `${text}url: https://example.com\n`
    case 2:
      return text.replace('  hero:', '  # a remark\n  hero:')
    case 3:
      return text.replace('    alt: ', '    # a remark\n    alt: ')
    default:
      return text
  }
}
