import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { expect } from 'vitest'
import { inspectOriginal } from '../../src/effects/inspect.ts'
import { openStore } from '../../src/effects/store.ts'
import type { TestProject } from './project.ts'

const FOLDER = '.pixelkiln/originals'

/** Names of the pictures in a project's store, without the index and what is no picture. */
export function originalsOf(project: TestProject): readonly string[] {
  return project.files(FOLDER).filter((name) => !/^(?:index|unusable)\//.test(name))
}

/** Every file of the store is a whole picture under the sha256 of its bytes; nothing half-written lies about. */
export async function expectVerifiedStore(project: TestProject): Promise<void> {
  for (const name of originalsOf(project)) {
    const bytes = readFileSync(join(project.path(FOLDER), name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(basename(name).split('.')[0], `the name of ${name}`).toBe(sha256)
    const { info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect(info.width * info.height, `the pixels of ${name}`).toBeGreaterThan(0)
  }
}

/** Puts a picture into a project's store as if it had been bought long ago; its sha256, to be pinned. */
export async function storeOriginal(project: TestProject, bytes: Uint8Array): Promise<string> {
  const original = await inspectOriginal(bytes)
  const store = openStore(project.path(FOLDER))
  await store.keep(original, bytes)
  const request = original.sha256.slice(0, 32)
  await store.list({
    request,
    declared: request.slice(0, 16),
    model: null,
    parts: null,
    images: [],
    takes: [{ take: 1, original, model: null }],
  })
  return original.sha256
}
