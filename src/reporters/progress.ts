import type { BuildEvent } from '../core/events.ts'

/** A purchase that is on its way. */
export interface InFlight {
  readonly images: readonly string[]
  readonly model: string
  readonly credits: number | null
  readonly usualSeconds: number | null
  readonly startedMs: number
  /** As the service tells it; null where it does not. */
  readonly percent: number | null
}

/** The run so far, as its events told it. */
export interface Progress {
  /** Purchases planned, and purchases that ended, well or not. */
  readonly purchases: number
  readonly ended: number
  readonly pictures: number
  readonly credits: number
  /** Files of finished images, and how many were planned without a purchase. */
  readonly files: number
  readonly plannedFiles: number
  readonly failed: readonly string[]
  readonly inFlight: ReadonlyMap<string, InFlight>
  /** The service asked for patience until then; null when it did not. */
  readonly brake: { readonly untilMs: number; readonly why: string } | null
  readonly stopping: boolean
  /** Something is being done; false before the first purchase or file, and while a person is asked. */
  readonly busy: boolean
}

export const NO_PROGRESS: Progress = {
  purchases: 0,
  ended: 0,
  pictures: 0,
  credits: 0,
  files: 0,
  plannedFiles: 0,
  failed: [],
  inFlight: new Map(),
  brake: null,
  stopping: false,
  busy: false,
}

/** The progress after one more event. */
export function advance(progress: Progress, event: BuildEvent, nowMs: number): Progress {
  switch (event.type) {
    case 'planned':
      return {
        ...progress,
        purchases: progress.ended + event.purchases,
        plannedFiles: event.outputs,
        busy: false,
      }
    case 'buying': {
      const { images, model, credits, usualSeconds } = event
      const flight = { images, model, credits, usualSeconds, startedMs: nowMs, percent: null }
      return { ...progress, busy: true, inFlight: new Map(progress.inFlight).set(event.purchase, flight) }
    }
    case 'progress': {
      const flight = progress.inFlight.get(event.purchase)
      if (!flight) return progress
      const inFlight = new Map(progress.inFlight).set(event.purchase, { ...flight, percent: event.percent })
      return { ...progress, inFlight }
    }
    case 'bought': {
      const pictures = progress.pictures + event.pictures
      return {
        ...landed(progress, event.purchase),
        pictures,
        credits: progress.credits + (event.credits ?? 0),
      }
    }
    case 'not-bought':
      return { ...landed(progress, event.purchase), failed: [...progress.failed, ...event.images] }
    case 'encoded':
      return { ...progress, busy: true, files: progress.files + event.outputs }
    case 'braked':
      return { ...progress, brake: { untilMs: nowMs + event.seconds * 1000, why: event.why } }
    case 'stopping':
      return { ...progress, stopping: true }
    default:
      return progress
  }
}

function landed(progress: Progress, purchase: string): Progress {
  const inFlight = new Map(progress.inFlight)
  inFlight.delete(purchase)
  return { ...progress, inFlight, ended: progress.ended + 1, brake: null }
}
