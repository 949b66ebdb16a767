import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import { outputsOf } from '../../src/core/recipes.ts'
import { encodeOutputs } from '../../src/effects/encode.ts'
import { usableCores } from '../../src/effects/cores.ts'
import { createSchedule, encodeSlots } from '../../src/effects/schedule.ts'
import { catalog } from '../../src/providers/catalog.ts'
import type { Bench, Row } from './support/bench.ts'
import { largeManifest } from './support/large-project.ts'
import type { PurchaseRun } from './support/purchase-run.ts'
import { startService } from './support/service-process.ts'

const CONCURRENCY = 50

/** Many purchases from the emulator in another process, which serves one small picture; files are encoded meanwhile. */
export const purchase: Bench = {
  name: 'Purchasing at concurrency 50',
  run: async ({ quick }) => {
    const service = quick ? { jobs: 200, latencyMs: 1_000 } : { jobs: 1_000, latencyMs: 2_000 }
    const steady = await timedRows({ ...service, spread: 0 })
    const uneven = await timedRows({ ...service, spread: 0.2 })
    return [...steady, ...uneven, await landing(), ...(await atOnce(quick ? 1_000 : 10_000))]
  },
}

/** Jobs that take one and the same time, or that differ by a spread: then the last ones end later than the mean says. */
async function timedRows({
  jobs,
  latencyMs,
  spread,
}: {
  jobs: number
  latencyMs: number
  spread: number
}): Promise<readonly Row[]> {
  const { run, polls } = await buyAll(largeManifest(jobs), { latencyMs, spread, picture: 'canned' })
  const idealMs = (jobs * latencyMs) / CONCURRENCY
  const about = spread === 0 ? '' : ` ± ${spread * 100} %`
  const what = `${jobs.toLocaleString('en')} jobs of ${latencyMs / 1000} s${about}`
  const note = `${(run.wallMs / 1000).toFixed(1)} s wall, ${(run.cpuMs / 1000).toFixed(1)} s CPU, 6 files an image`
  return [
    {
      what: `${what}: wall`,
      value: run.wallMs / idealMs,
      unit: '× jobs × latency ÷ 50',
      bound: spread === 0 ? 1.05 : null,
      note,
    },
    { what: `${what}: questions per job`, value: polls, unit: 'polls', bound: 5 },
    {
      what: `${what}: event loop blocked`,
      value: run.mostStallMs,
      unit: 'ms (99.9 %)',
      bound: 50,
      note: `longest ${run.stallMs.toFixed(0)} ms`,
    },
  ]
}

/** A whole picture with the default files: from its landing to its last file, against encoding it alone. */
async function landing(): Promise<Row> {
  const text =
    'version: 1\nimages:\n  one: { prompt: A lighthouse by a calm sea, alt: Lighthouse, aspect: "3:2" }\n'
  let original: Buffer = Buffer.of()
  const { run } = await buyAll(text, { latencyMs: 0, picture: 'sketch' }, (folder) => {
    const store = join(folder, '.pixelkiln/originals')
    const name = readdirSync(store, { recursive: true })
      .map(String)
      .find((path) => path.endsWith('.png'))
    original = readFileSync(join(store, name ?? ''))
  })
  const recipe = readManifest({ file: 'pixelkiln.yaml', text }, catalog).manifest?.images[0]?.recipe
  if (!recipe) throw new Error('the manifest of the bench is wrong')
  const began = performance.now()
  const outputs = outputsOf(recipe, {
    width: original.readUInt32BE(16),
    height: original.readUInt32BE(20),
    alpha: false,
  })
  await encodeOutputs({
    original,
    recipe,
    outputs,
    schedule: createSchedule(encodeSlots(), usableCores()),
    xmp: null,
    onOutput: async () => undefined,
    onTooLarge: () => undefined,
  })
  const value = (run.landedToFilesMs[0] ?? Number.NaN) / (performance.now() - began)
  return { what: 'from landing to files on disk', value, unit: '× its own encode', bound: 1.1 }
}

/** Jobs that end at once: nothing but memory and the loop set their pace. */
async function atOnce(jobs: number): Promise<readonly Row[]> {
  const few = await buyAndRead(100)
  const many = await buyAndRead(jobs)
  const perJob = (run: 'run' | 'read'): number => ((many[run].liveMb - few[run].liveMb) / (jobs - 100)) * 1000
  const told = jobs.toLocaleString('en')
  const peakMb = [few, many].map(({ run }) => run.maxRssMb)
  return [
    {
      // Its image, plan, job, block of the lock and rows of six files: each is asked for again at the end.
      what: 'memory that a job more needs',
      value: perJob('run'),
      unit: 'kB alive at the end',
      bound: 5,
    },
    {
      what: 'the same against reading it all once more',
      value: perJob('run') / perJob('read'),
      unit: '× what a run keeps that finds all bought',
      bound: 1,
      note: `${perJob('read').toFixed(1)} kB an image`,
    },
    {
      what: `most memory, ${told} jobs`,
      value: (peakMb[1] ?? Number.NaN) / (peakMb[0] ?? Number.NaN),
      unit: '× that of 100 jobs',
      bound: 1.5,
      note: peakMb.map((peak) => `${peak.toFixed(0)} MB`).join(' and '),
    },
    {
      what: `${told} jobs at once: event loop blocked`,
      value: many.run.mostStallMs,
      unit: 'ms (99.9 %)',
      bound: 50,
      note: `longest ${many.run.stallMs.toFixed(0)} ms`,
    },
  ]
}

/** Buys, and then looks at everything without having seen it before. */
async function buyAndRead(jobs: number): Promise<{ readonly run: PurchaseRun; readonly read: PurchaseRun }> {
  let read: PurchaseRun | null = null
  const { run } = await buyAll(largeManifest(jobs), { latencyMs: 0, picture: 'canned' }, (folder) => {
    rmSync(join(folder, '.pixelkiln/state.bin'))
    read = purchaseRun(folder, '')
  })
  if (read === null) throw new Error('nobody looked at what was bought')
  return { run, read }
}

async function buyAll(
  manifest: string,
  service: Parameters<typeof startService>[0],
  look: (folder: string) => void = () => undefined,
): Promise<{ readonly run: PurchaseRun; readonly polls: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-bench-'))
  writeFileSync(join(folder, 'pixelkiln.yaml'), manifest)
  const { url, pollsPerJob, stop } = await startService(service)
  try {
    const run = purchaseRun(folder, url)
    look(folder)
    return { run, polls: await pollsPerJob() }
  } finally {
    stop()
    rmSync(folder, { recursive: true })
  }
}

function purchaseRun(folder: string, url: string): PurchaseRun {
  const script = join(import.meta.dirname, 'support/purchase-run.js')
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', script, folder, url, String(CONCURRENCY)],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the purchases went wrong: ${stderr}`)
  return JSON.parse(stdout) as PurchaseRun
}
