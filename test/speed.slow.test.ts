import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../src/effects/clock.ts'
import { LOCK_NAME } from '../src/core/lock.ts'
import { largeManifest, largeProject, removeProject } from './bench/support/large-project.ts'
import { spy } from './bench/support/spy.ts'
import { TOOL } from './bench/support/timing.ts'
import { HAS_STRACE, countBytesWritten, countCalls, countFunctionCalls } from './support/counting.ts'
import { KEY, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

// What does not depend on the machine, counted, so that a slower road is noticed on any. Bounds are what was counted
// and a little; raise one only with the reason in the commit.

const FEW = 100
const MANY = 300
const OUTPUTS = 6
/** Who is at work is written down, and taken away at the end. */
const OWNER_BYTES = 500
let few = ''
let many = ''

beforeAll(async () => {
  few = await largeProject(FEW)
  many = await largeProject(MANY)
}, 300_000)
afterAll(() => [few, many].forEach(removeProject), 300_000)

/** Node's arguments for a run that buys everything in a project. */
function purchaseIn({ folder, emulator }: TestProject): readonly string[] {
  const environment = { APIFRAME_BASE_URL: emulator.url, APIFRAME_API_KEY: KEY }
  const options = JSON.stringify({ cwd: folder, buy: true, budget: 1e6, environment })
  const code = `import { build } from ${JSON.stringify(join(process.cwd(), 'dist/index.js'))}; await build(${options})`
  return ['--input-type=module', '-e', code]
}

/** How much a count grows per image, from the small project to the large one. */
function perImage(ofFew: number, ofMany: number): number {
  return (ofMany - ofFew) / (MANY - FEW)
}

it.each(['build', 'check'])('%s with nothing to do loads at most 15 modules and no library', (command) => {
  const { modules, exitCode } = spy([TOOL, command], few)
  expect(exitCode).toBe(0)
  expect(modules.filter((path) => path.includes('node_modules'))).toEqual([])
  expect(modules.length).toBeGreaterThan(5)
  expect(modules.length).toBeLessThanOrEqual(15)
})

it.each([
  ['--version', 3],
  ['--help', 8],
])('%s loads at most %i modules', (flag, most) => {
  expect(spy([TOOL, flag], few).modules.length).toBeLessThanOrEqual(most)
})

it.skipIf(!HAS_STRACE).each(['build', 'check'])(
  '%s with nothing to do looks once at each output, opens no socket and writes nothing',
  async (command) => {
    const [ofFew, ofMany] = [await countCalls([TOOL, command], few), await countCalls([TOOL, command], many)]
    const grows = (name: string): number => perImage(ofFew.get(name) ?? 0, ofMany.get(name) ?? 0)
    expect(grows('statx')).toBeCloseTo(OUTPUTS, 1)
    const steady = ['openat', 'read', 'write', 'close', 'lstat', 'readlink', 'access']
    expect(steady.filter((name) => grows(name) >= 0.1)).toEqual([])
    const absent = ['rename', 'renameat2', 'unlink', 'mkdir', 'fsync', 'fdatasync', 'socket', 'connect']
    expect(absent.filter((name) => ofMany.has(name))).toEqual([])
  },
)

it('a change makes a run look at every file, and think of what changed alone', () => {
  const calls = [few, many].map((folder, index) => {
    const manifest = largeManifest(index === 0 ? FEW : MANY).replace('alt: Lamp 7 on', 'alt: Lamp seven on')
    writeFileSync(join(folder, 'pixelkiln.yaml'), manifest)
    return countFunctionCalls([TOOL, 'build'], folder)
  })
  expect(readFileSync(join(many, 'out', LOCK_NAME), 'utf8')).toContain('Lamp seven')
  // A few a file: its stat, its row in the state. Reading everything takes some hundreds an image.
  expect(perImage(calls[0] ?? 0, calls[1] ?? 0)).toBeLessThan(6 * OUTPUTS)
})

it('after an edited alt text a plain image is read without the YAML parser or any other library', () => {
  const manifest = readFileSync(join(few, 'pixelkiln.yaml'), 'utf8').replace(
    /alt: Lamp 9 .*/,
    'alt: Lamp nine',
  )
  writeFileSync(join(few, 'pixelkiln.yaml'), manifest)
  // In CI a build without a budget changes no lock.
  const { modules, exitCode } = spy([TOOL, 'build', '--budget', '0'], few)
  expect(exitCode).toBe(0)
  expect(readFileSync(join(few, 'out', LOCK_NAME), 'utf8')).toContain('Lamp nine')
  expect(modules.filter((path) => path.includes('node_modules'))).toEqual([])
  expect(modules.length).toBeLessThanOrEqual(107)
})

it.skipIf(!HAS_STRACE)(
  'what a run writes is written once, and nothing where nothing is to be done',
  async () => {
    // The first writes what the tests before have changed.
    await countBytesWritten([TOOL, 'build'], few)
    expect([...(await countBytesWritten([TOOL, 'build'], few))]).toEqual([])
    const manifest = readFileSync(join(few, 'pixelkiln.yaml'), 'utf8')
    writeFileSync(join(few, 'pixelkiln.yaml'), manifest.replace(/alt: Lamp 11 .*/, 'alt: Lamp eleven'))
    const written = await countBytesWritten([TOOL, 'build'], few)
    expect([...written.keys()].toSorted()).toEqual(['.pixelkiln', 'out'])
    expect(written.get('out')).toBe(statSync(join(few, 'out', LOCK_NAME)).size)
    const stateBytes = statSync(join(few, '.pixelkiln/state.bin')).size
    expect((written.get('.pixelkiln') ?? 0) - stateBytes).toBeLessThan(OWNER_BYTES)
  },
)

it.skipIf(!HAS_STRACE)('a purchase writes each of its files once', async () => {
  const project = await testProject(largeManifest(20), { latencyMs: 0 })
  const written = await countBytesWritten(purchaseIn(project), project.folder)
  const lock = statSync(project.path(`out/${LOCK_NAME}`)).size
  // The lock alone may be written on the way too.
  expect(written.get('out')).toBeGreaterThanOrEqual(lock)
  const others = project.files('').filter((name) => name !== `out/${LOCK_NAME}` && name !== 'pixelkiln.yaml')
  const kept = others.reduce((sum, name) => sum + statSync(project.path(name)).size, 0)
  const all = [...written].reduce((sum, [folder, bytes]) => sum + (folder === 'out' ? 0 : bytes), 0)
  expect(others.length).toBeGreaterThan(20 * (OUTPUTS + 2))
  expect(all - kept).toBeLessThan(OWNER_BYTES)
})

it('a purchase is asked after at most five times, and its files are encoded once', async () => {
  const project = await testProject(largeManifest(40), { latencyMs: 200 })
  // In real time: hurried questions would be more than there are.
  const run = await project.build({ concurrency: 10, budget: 1_000_000, clock: systemClock })
  const { jobs } = project.emulator.ledger()
  expect(run.finished).toMatchObject({ bought: 40, encoded: 40 * OUTPUTS })
  expect(jobs.reduce((sum, { polls }) => sum + polls, 0) / jobs.length).toBeLessThanOrEqual(5)
  expect(jobs.map(({ downloads }) => downloads)).toEqual(jobs.map(() => 1))
  expect(project.read('.pixelkiln/journal.jsonl').trim().split('\n')).toHaveLength(4 * 40)
})

it.skipIf(!HAS_STRACE)('a purchase waits for the disk a fixed number of times', async () => {
  const counts: ReadonlyMap<string, number>[] = []
  for (const images of [10, 40]) {
    const project = await testProject(largeManifest(images), { latencyMs: 0 })
    counts.push(await countCalls(purchaseIn(project), project.folder))
  }
  const grows = (name: string): number => ((counts[1]?.get(name) ?? 0) - (counts[0]?.get(name) ?? 0)) / 30
  // Four steps of the journal.
  expect(grows('fdatasync')).toBeLessThanOrEqual(4.1)
  // Original and index, each with its folder, and with the one above where that folder is new; and the lock, which a
  // run writes every two seconds on its way.
  const locks = grows('rename') - 2 - OUTPUTS
  expect(grows('fsync') - 2 * locks).toBeLessThanOrEqual(6.1)
})
