import { join } from 'node:path'
import type { Look } from '../build/reading.ts'
import type { Original } from '../core/image.ts'
import type { LockOutput } from '../core/lock.ts'
import { readIfThere } from '../effects/files.ts'
import { previewOf } from '../effects/preview.ts'
import type { Links } from './model.ts'
import type { Originals } from './originals.ts'

/** Pixels of the output that is put into the file: the smallest that has so many, else the largest. */
const OUTPUT_WIDTH = 800
const PREVIEW_WIDTH = 400

/** Pictures as `data:` addresses: one output of each image, and small previews where there is something to compare. */
export async function embeddedLinks(
  { reading }: Look,
  originals: ReadonlyMap<string, Originals>,
): Promise<Links> {
  const { lock, out, store } = reading
  const records = [...lock.images.values()].flatMap(({ bought, draft }) => [bought, draft])
  const chosen = new Set(records.flatMap((record) => (record ? chosenOutput(record.outputs) : [])))
  const previews = new Map<string, string>()
  for (const { candidates, earlier } of originals.values()) {
    if (candidates.length + earlier.length < 2) continue
    for (const original of [...candidates.map((take) => take.original), ...earlier]) {
      if (!previews.has(original.sha256)) await addPreview(original, store.read, previews)
    }
  }
  const preview = ({ sha256 }: Original): string | null => previews.get(sha256) ?? null
  return {
    output: (path) => {
      const bytes = chosen.has(path) ? readIfThere(join(out, path)) : null
      const format = path.split('.').pop() ?? ''
      return bytes && dataAddress(format, bytes)
    },
    preview,
    original: preview,
  }
}

/** Path of the one output that stands for all: of the first format that there is, in the size that fits best. */
function chosenOutput(outputs: readonly LockOutput[]): readonly string[] {
  const order = ['avif', 'webp', 'jpeg', 'png']
  const [best] = [...outputs].sort(
    (a, b) =>
      order.indexOf(a.format) - order.indexOf(b.format) ||
      Number(a.width < OUTPUT_WIDTH) - Number(b.width < OUTPUT_WIDTH) ||
      Math.abs(a.width - OUTPUT_WIDTH) - Math.abs(b.width - OUTPUT_WIDTH),
  )
  return best ? [best.path] : []
}

async function addPreview(
  original: Original,
  read: (original: Original) => Buffer | null,
  previews: Map<string, string>,
): Promise<void> {
  const bytes = read(original)
  if (bytes) previews.set(original.sha256, dataAddress('webp', await previewOf(bytes, PREVIEW_WIDTH)))
}

function dataAddress(format: string, bytes: Uint8Array): string {
  return `data:image/${format};base64,${Buffer.from(bytes).toString('base64')}`
}
