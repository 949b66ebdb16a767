import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from '../../../src/build.ts'
import { entryOf } from '../../../src/core/next-lock.ts'
import { NO_COPIES } from '../../../src/core/copies.ts'
import { derive } from '../../../src/core/derivation.ts'
import type { Derivation } from '../../../src/core/derivation.ts'
import type { Facts } from '../../../src/core/facts.ts'
import type { Image, Original } from '../../../src/core/image.ts'
import { LOCK_NAME, emptyLock } from '../../../src/core/lock.ts'
import type { LockImage, LockOutput } from '../../../src/core/lock.ts'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { printLock } from '../../../src/core/print-lock.ts'
import { sha256Of } from '../../../src/effects/files.ts'
import { openStore } from '../../../src/effects/store.ts'
import type { Store } from '../../../src/effects/store.ts'
import { sharp } from '../../../src/effects/sharp.ts'
import { catalog } from '../../../src/providers/catalog.ts'

/** Six outputs an image: what a project of ten thousand has sixty thousand of. */
const HEAD = `version: 1
out: out
defaults: { model: dall-e-3, aspect: "3:2", outputs: { formats: [webp, jpeg], widths: [16, 24, 32], effort: { webp: 0 } } }
images:
`

/** The manifest of so many images, each with words of its own. `changed` gives the first one other words. */
export function largeManifest(images: number, changed = ''): string {
  const blocks = Array.from({ length: images }, (_, index) => {
    const words = `A lamp numbered ${index}${index === 0 ? changed : ''} on a wooden table by a window, in soft light from the left.`
    return `  shelf/lamp-${String(index).padStart(6, '0')}:\n    prompt: ${words}\n    alt: Lamp ${index} on a table\n`
  })
  return `${HEAD}${blocks.join('')}`
}

/**
 * A project of so many bought images, all files in place, in a temp folder: what a real run of it leaves behind. Keys,
 * records, paths, lock and store come from our own code, only the pictures look the same; a last real build
 * looks at every file and writes the state. Throws when that build finds anything to do.
 */
export async function largeProject(images: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-bench-'))
  const text = largeManifest(images)
  writeFileSync(join(folder, 'pixelkiln.yaml'), text)
  const { manifest } = readManifest({ file: 'pixelkiln.yaml', text }, catalog)
  if (!manifest) throw new Error('the manifest of the bench is wrong')
  const picture = await lamp(96)
  const store = openStore(join(folder, '.pixelkiln/originals'))
  const pictures = await smallPictures()
  mkdirSync(join(folder, 'out/shelf'), { recursive: true })
  const entries = manifest.images.map((image, index): [string, LockImage] => {
    const original = originalOf(picture, index, store)
    const { derivation, outputs } = filesOf(image, original, pictures)
    for (const { path, format, width } of outputs)
      writeFileSync(join(folder, 'out', path), pictures.get(`${width}.${format}`) ?? '')
    return [
      image.id,
      entryOf(
        derivation,
        {
          ...derivation.record,
          outputs,
          dropped: [],
          tooLarge: [],
          focus: [0.5, 0.5],
          placeholder: PLACEHOLDER,
        },
        EMPTY,
      ),
    ]
  })
  writeFileSync(join(folder, 'out', LOCK_NAME), printLock({ ...EMPTY, images: new Map(entries) }))
  const { plan } = await build({ cwd: folder, environment: {} })
  if (!plan || plan.jobs.length > 0) throw new Error('the project of the bench has something left to do')
  return folder
}

/** The same picture, in bytes that are no other image's: what stands behind the end of a PNG is not read. */
function originalOf(picture: Buffer, index: number, store: Store): Original {
  const bytes = Buffer.concat([picture, Buffer.from(String(index).padStart(6, '0'))])
  const size = { width: 96, height: 64, bytes: bytes.length }
  const original: Original = { sha256: sha256Of(bytes), format: 'png', ...size, alpha: false }
  const path = store.pathOf(original)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return original
}

export function removeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** As large as those of real pictures. */
const PLACEHOLDER = { thumbhash: 'A'.repeat(28), colour: '#674505', image: 'A'.repeat(120) }
const EMPTY = emptyLock('../pixelkiln.yaml')

/** What a run would have made of the original for this image, with the bytes of the small pictures. */
function filesOf(
  image: Image,
  original: Original,
  pictures: ReadonlyMap<string, Buffer>,
): { readonly derivation: Derivation; readonly outputs: readonly LockOutput[] } {
  const { request, requestKey, declared, parts } = image
  const model = `${request.provider}/${request.model}`
  const basis = { original, request: requestKey, declared, parts, candidates: 1, pick: 1, model, draft: null }
  const derivation = derive(image, basis, null, { facts: NOTHING, copies: NO_COPIES })
  const outputs = derivation.wanted.map(({ format, width, height, path }) => {
    const bytes = pictures.get(`${width}.${format}`) ?? Buffer.of()
    return {
      format,
      width,
      height,
      path,
      sha256: sha256Of(bytes).slice(0, 32),
      bytes: bytes.length,
      hash: null,
      quality: null,
    }
  })
  return { derivation, outputs }
}

const NOTHING: Facts = {
  takes: new Map(),
  requestsByDeclared: new Map(),
  unreadable: new Set(),
  originals: new Map(),
  pinned: new Map(),
  outputs: new Map(),
  purchases: new Map(),
}

/** One picture per format and width, by `width.format`. */
async function smallPictures(): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>()
  for (const format of ['webp', 'jpeg'] as const) {
    for (const width of [16, 24, 32]) {
      pictures.set(
        `${width}.${format}`,
        await sharp(await lamp(width))
          .toFormat(format)
          .toBuffer(),
      )
    }
  }
  return pictures
}

async function lamp(width: number): Promise<Buffer> {
  const height = Math.round((width * 2) / 3)
  return sharp({ create: { width, height, channels: 3, background: { r: 220, g: 160, b: 60 } } })
    .png()
    .toBuffer()
}
