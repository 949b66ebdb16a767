import { rasterize } from '../effects/draw.ts'
import { pngChunk } from '../effects/png-chunk.ts'
import type { JobRecord } from './jobs.ts'

/** Draws the pictures of jobs; the same job and number always give the same bytes. */
export interface Pictures {
  /** PNG bytes of picture `n`, counted from 1. */
  readonly take: (job: JobRecord, n: number) => Promise<Uint8Array>
  /** PNG bytes of all pictures of a job, two in a row, at half their size. */
  readonly grid: (job: JobRecord) => Promise<Uint8Array>
}

/** Pictures that are kept for another download; they can always be drawn again. */
const KEPT = 8

/** `sketch` draws from the prompt; `canned` serves one small picture per shape, marked so that no two have equal bytes. */
export function createPictures(kind: 'sketch' | 'canned'): Pictures {
  const kept = new Map<string, Promise<Uint8Array>>()
  const once = (name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const known = kept.get(name)
    if (known) return known
    const made = make()
    kept.set(name, made)
    made.catch(() => kept.delete(name))
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return made
  }
  const take = async (job: JobRecord, n: number): Promise<Uint8Array> => {
    if (kind === 'sketch') return once(`${job.id} ${n}`, async () => drawTake(job, n))
    const { width, height } = cannedSize(job)
    const base = await once(`canned ${width}x${height}`, async () => drawCanned(width, height))
    return withComment(base, `${job.model} ${n} of ${job.id}`)
  }
  return {
    take,
    grid: async (job) =>
      once(`${job.id} grid`, async () => {
        const takes = Array.from({ length: job.count }, async (_, index) => take(job, index + 1))
        return drawGrid(job, await Promise.all(takes))
      }),
  }
}

async function drawTake(job: JobRecord, n: number): Promise<Uint8Array> {
  const { drawSketch } = await import('../providers/sketch/draw-sketch.ts')
  const { prompt, model, width, height } = job
  const take = job.firstTake + n - 1
  const svg = drawSketch({ prompt, caption: model, width, height, take, mark: 'EMULATOR' })
  return rasterize(svg, width, height)
}

const CANNED_LONG_SIDE = 96

function cannedSize(job: JobRecord): { readonly width: number; readonly height: number } {
  const scale = CANNED_LONG_SIDE / Math.max(job.width, job.height)
  return { width: Math.round(job.width * scale), height: Math.round(job.height * scale) }
}

async function drawCanned(width: number, height: number): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2" preserveAspectRatio="none"><rect width="3" height="2" fill="#274"/><rect width="2" height="1" fill="#d93"/><circle cx="2" cy="1" r="0.6" fill="#eee"/></svg>`
  return rasterize(svg, width, height)
}

async function drawGrid(job: JobRecord, takes: readonly Uint8Array[]): Promise<Uint8Array> {
  const { width, height } = job
  const cells = takes.map((bytes, index) => {
    const place = `x="${((index % 2) * width) / 2}" y="${(Math.floor(index / 2) * height) / 2}"`
    const source = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`
    return `<image ${place} width="${width / 2}" height="${height / 2}" preserveAspectRatio="none" href="${source}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${cells.join('')}</svg>`
  return rasterize(svg, width, height)
}

// Signature and IHDR, which must come first.
const PNG_HEAD_BYTES = 33

/** Puts a text chunk into a PNG: other bytes, same pixels. */
function withComment(png: Uint8Array, text: string): Uint8Array {
  return Buffer.concat([
    png.subarray(0, PNG_HEAD_BYTES),
    pngChunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1')),
    png.subarray(PNG_HEAD_BYTES),
  ])
}
