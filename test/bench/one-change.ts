import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCK_NAME } from '../../src/core/lock.ts'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import { readLock } from '../../src/core/read-lock.ts'
import { catalog } from '../../src/providers/catalog.ts'
import { median, rowOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'
import { largeManifest, largeProject, removeProject } from './support/large-project.ts'
import { TOOL, againstBareNode, timeNode } from './support/timing.ts'

const IMAGES = 10_000

/** One image of ten thousand is edited, and what a run has to read anew then. */
export const oneChange: Bench = {
  name: 'One change in 10,000',
  run: async ({ quick }) => {
    const folder = await largeProject(IMAGES)
    const bareMs = median(Array.from({ length: 9 }, () => timeNode(['-e', '0'], folder).wallMs))
    const rows = [editedAlt(folder, quick ? 3 : 9), ...lockRows(folder, bareMs)]
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

function lockRows(folder: string, bareMs: number): readonly Row[] {
  const path = join(folder, 'out', LOCK_NAME)
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    readLock({ file: path, text: readFileSync(path, 'utf8') })
    return (performance.now() - began) / bareMs
  })
  return [
    { what: 'lock', value: statSync(path).size / 1e6, unit: 'MB', bound: 10 },
    rowOf('lock read', times, { unit: '× bare node', bound: 1.2 }),
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
