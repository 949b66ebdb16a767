import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCK_NAME } from '../../src/core/lock.ts'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import { catalog } from '../../src/providers/catalog.ts'
import { median, rowOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'
import { largeManifest, largeProject, removeProject } from './support/large-project.ts'
import type { LockRun } from './support/lock-run.ts'
import { TOOL, againstBareNode, timeNode } from './support/timing.ts'

const IMAGES = 10_000

/** One image of ten thousand is edited, and what a run has to read anew then. */
export const oneChange: Bench = {
  name: 'One change in 10,000',
  run: async ({ quick }) => {
    const folder = await largeProject(IMAGES)
    const rounds = quick ? 3 : 9
    const rows = [editedAlt(folder, rounds), editedFocus(folder, rounds), ...lockRows(folder, rounds)]
    removeProject(folder)
    return [...rows, ...parseRows(quick ? [IMAGES] : [IMAGES, 10 * IMAGES])]
  },
}

/** Another alt text: nothing is encoded, everything else of a change is done. */
function editedAlt(folder: string, rounds: number): Row {
  let edit = 0
  const before = (): void => {
    edit += 1
    const text = largeManifest(IMAGES).replace('alt: Lamp 7 on a table', `alt: Lamp 7, edit ${edit}`)
    writeFileSync(join(folder, 'pixelkiln.yaml'), text)
  }
  const ratios = againstBareNode([TOOL, 'build'], folder, { rounds, before })
  const note = `${Math.round(median(ratios.ownMs))} ms; CPU ${ratios.cpu.toFixed(2)} ×`
  return rowOf('build after an edited alt text', ratios.wall, { unit: '× bare node', bound: 6, note })
}

/** Another focus: the files of one image are made anew. What that takes by itself is not counted. */
function editedFocus(folder: string, rounds: number): Row {
  const text = largeManifest(IMAGES)
  const path = join(folder, 'pixelkiln.yaml')
  const edit = (focus: string): void =>
    writeFileSync(path, text.replace('alt: Lamp 7 on', `focus: ${focus}\n    alt: Lamp 7 on`))
  edit('[0, 0]')
  timeNode([TOOL, 'build'], folder)
  const script = join(import.meta.dirname, 'support/one-encode-run.js')
  const times = Array.from({ length: rounds }, (_, round) => {
    edit(`[0.${round + 1}, 0.5]`)
    const bareMs = timeNode(['-e', '0'], folder).wallMs
    const encodeMs = Number(execFileSync(process.execPath, [script, originalIn(folder), largeManifest(1)]))
    return { bareMs, encodeMs, ownMs: timeNode([TOOL, 'build'], folder).wallMs }
  })
  const note = `${Math.round(median(times.map(({ ownMs }) => ownMs)))} ms, ${Math.round(median(times.map(({ encodeMs }) => encodeMs)))} of them its encode`
  const ratios = times.map(({ ownMs, encodeMs, bareMs }) => (ownMs - encodeMs) / bareMs)
  return rowOf('build after an edited focus, beyond its encode', ratios, {
    unit: '× bare node',
    bound: 6,
    note,
  })
}

/** All of them show the same. */
function originalIn(folder: string): string {
  const store = join(folder, '.pixelkiln/originals')
  const name = readdirSync(store, { recursive: true }).find((file) => String(file).endsWith('.png'))
  return join(store, String(name))
}

/** Each time in a process of its own: a second reading finds its code compiled and its memory there. */
function lockRows(folder: string, rounds: number): readonly Row[] {
  const path = join(folder, 'out', LOCK_NAME)
  const script = join(import.meta.dirname, 'support/lock-run.js')
  const runs = Array.from({ length: rounds }, () => {
    const bareMs = timeNode(['-e', '0'], folder).wallMs
    const run = JSON.parse(execFileSync(process.execPath, [script, path], { encoding: 'utf8' })) as LockRun
    return { read: run.readMs / bareMs, all: run.allMs / bareMs }
  })
  const unit = '× bare node'
  return [
    { what: 'lock', value: statSync(path).size / 1e6, unit: 'MB', bound: 10 },
    rowOf(
      'lock read',
      runs.map(({ read }) => read),
      { unit, bound: 1.2 },
    ),
    rowOf(
      'lock read, and every image looked up',
      runs.map(({ all }) => all),
      { unit, bound: null },
    ),
  ]
}

function parseRows(sizes: readonly number[]): readonly Row[] {
  const seconds = sizes.map((images) => {
    const text = largeManifest(images)
    return Array.from({ length: images > IMAGES ? 1 : 3 }, () => {
      const before = process.cpuUsage()
      readManifest({ file: 'pixelkiln.yaml', text }, catalog)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1e6
    })
  })
  const rows = seconds.map((times, index) =>
    rowOf(`cold manifest, ${sizes[index]?.toLocaleString('en')} images`, times, {
      unit: 's CPU',
      bound: index === 0 ? 1 : null,
    }),
  )
  const [large, larger] = seconds.map(median)
  if (large === undefined || larger === undefined) return rows
  return [...rows, { what: 'ten times the images', value: larger / large, unit: '× the time', bound: 12 }]
}
