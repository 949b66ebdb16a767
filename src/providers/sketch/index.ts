import { type Aspect, COMMON_ASPECTS, parseAspect } from '../../core/aspect.ts'
import type { Provider } from '../../core/provider.ts'
import { drawSketch } from './draw-sketch.ts'

const LONG_SIDE = 1536
const SQUARE_SIDE = 1024

/** The size a sketch is drawn at: the long side has 1536 pixels; a square has 1024. */
export function sketchSize(aspect: Aspect): { readonly width: number; readonly height: number } {
  if (aspect.width === aspect.height) return { width: SQUARE_SIDE, height: SQUARE_SIDE }
  const longest = Math.max(aspect.width, aspect.height)
  const side = (part: number): number => Math.max(1, Math.round((part * LONG_SIDE) / longest))
  return { width: side(aspect.width), height: side(aspect.height) }
}

/** What `prepare` writes and `submit` reads. */
interface Order {
  readonly prompt: string
  readonly caption: string
  readonly width: number
  readonly height: number
  readonly count: number
}

/** Draws stand-ins offline, for nothing, from the request alone; every picture comes at once, as PNG bytes with a DRAFT mark. */
export const sketch: Provider = {
  contract: 1,
  name: 'sketch',
  revision: '1',
  idempotent: true,
  check: () => [],
  aspects: () => COMMON_ASPECTS,
  perJob: () => ({ min: 1, max: 16 }),
  price: () => 0,
  prepare(request, count) {
    const aspect = request.aspect ?? '1:1'
    const size = sketchSize(parseAspect(aspect) ?? { width: 1, height: 1 })
    return JSON.stringify({ prompt: request.prompt, aspect, ...size, count })
  },
  async submit(purchase, io) {
    const order = readOrder(purchase.body)
    if (order === null)
      return { type: 'rejected', why: 'invalid', message: 'The body is not one that a sketch is drawn from.' }
    const takes = Array.from({ length: order.count }, (_, i) => i + 1)
    const pictures = await Promise.all(
      takes.map(async (take) => {
        const svg = drawSketch({ ...order, take, mark: 'DRAFT' })
        return { type: 'bytes', bytes: await io.draw(svg, order.width, order.height) } as const
      }),
    )
    return { type: 'completed', pictures, credits: 0 }
  },
  poll: () =>
    Promise.resolve({ type: 'gone', message: 'Sketches are drawn at once; there is no job to ask for.' }),
  find: () => Promise.resolve({ type: 'absent' }),
}

function readOrder(body: string): Order | null {
  const order: unknown = JSON.parse(body)
  if (typeof order !== 'object' || order === null) return null
  if (!('prompt' in order && 'width' in order && 'height' in order && 'count' in order)) return null
  const { prompt, width, height, count } = order
  if (typeof prompt !== 'string' || !isSide(width) || !isSide(height) || !isSide(count)) return null
  const caption = 'caption' in order && typeof order.caption === 'string' ? order.caption : ''
  return { prompt, caption, width, height, count }
}

function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LONG_SIDE
}
