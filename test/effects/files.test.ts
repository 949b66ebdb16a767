import { createHook } from 'node:async_hooks'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { writeWhole } from '../../src/effects/files.ts'

it('a small file that need not survive a power cut is written without waking another thread', async () => {
  const folder = testFolder()
  const small = await requestsOf(() =>
    writeWhole(join(folder, 'small'), Buffer.alloc(1_000), { durable: false }),
  )
  const large = await requestsOf(() =>
    writeWhole(join(folder, 'large'), Buffer.alloc(1_000_000), { durable: false }),
  )
  const durable = await requestsOf(() =>
    writeWhole(join(folder, 'kept'), Buffer.alloc(1_000), { durable: true }),
  )
  expect(small).toBe(0)
  expect(large).toBeGreaterThan(0)
  expect(durable).toBeGreaterThan(0)
  expect(readdirSync(folder).sort()).toEqual(['kept', 'large', 'small'])
})

it.each([true, false])('files written at once make the folders they miss, durable: %s', async (durable) => {
  const folder = testFolder()
  const names = Array.from({ length: 20 }, (_, index) => `deep/er/${index % 3}/${index}`)
  const sizes = [10, 1_000_000]
  await Promise.all(
    names.map(async (name, index) =>
      writeWhole(join(folder, name), Buffer.alloc(sizes[index % 2] ?? 0), { durable }),
    ),
  )
  expect(names.map((name) => readFileSync(join(folder, name)).length)).toEqual(
    names.map((_, index) => sizes[index % 2]),
  )
})

it.each([1_000, 1_000_000])('of %i bytes that cannot take their place nothing is left', async (length) => {
  const folder = testFolder()
  const path = join(folder, 'name')
  writeFileSync(path, 'a file')
  const below = join(path, 'below')
  const failed = writeWhole(below, Buffer.alloc(length), { durable: false })
  await expect(failed).rejects.toMatchObject({ name: 'DiskError', path: below })
  const over = writeWhole(folder, Buffer.alloc(length), { durable: false })
  await expect(over).rejects.toMatchObject({ name: 'DiskError' })
  expect(readdirSync(folder)).toEqual(['name'])
  expect(readFileSync(path, 'utf8')).toBe('a file')
})

it('a file whose source is gone says so, and nothing is left of it', async () => {
  const folder = testFolder()
  const seen = { size: 1n, mtimeNs: 1n, ctimeNs: 1n, ino: 1n }
  const range = { path: join(folder, 'gone'), seen, from: 0, to: 1 }
  const copied = writeWhole(join(folder, 'copy'), [range], { durable: false })
  await expect(copied).rejects.toMatchObject({ name: 'DiskError', errno: 'ENOENT' })
  expect(readdirSync(folder)).toEqual([])
})

/** How many times the work asked another thread for something of a file. */
async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  let requests = 0
  const hook = createHook({ init: (_, type) => void (requests += type.startsWith('FSREQ') ? 1 : 0) }).enable()
  await work()
  hook.disable()
  return requests
}

function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
