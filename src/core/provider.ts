import type { ImageRequest } from './image.ts'

/** A setting that a model cannot honour. `setting` is the manifest's name for it: `aspect`, `candidates`, `params.seed`, `prompt`. */
export interface Unsupported {
  readonly setting: string
  readonly message: string
}

/** A picture as the provider offers it: a URL to download, or the bytes. */
export type OfferedPicture =
  { readonly type: 'url'; readonly url: string } | { readonly type: 'bytes'; readonly bytes: Uint8Array }

/** What a submit came to. Only `rejected` is certain to have cost nothing. */
export type Submitted =
  /** The job id as soon as it is known; write it down before anything else. */
  | { readonly type: 'accepted'; readonly job: string }
  /** A provider that answers at once. */
  | {
      readonly type: 'completed'
      readonly pictures: readonly OfferedPicture[]
      readonly credits: number | null
    }
  | {
      readonly type: 'rejected'
      /** `stopped`: the run ended the buying before the request was sent. */
      readonly why: 'invalid' | 'key' | 'credits' | 'busy' | 'unreachable' | 'stopped'
      readonly message: string
    }
  /** The key is in use with another body, or the like: a job exists. */
  | { readonly type: 'conflict'; readonly message: string }
  /** No answer that settles it (time-out, reset, 5xx to the end of the try budget): may have been charged. */
  | {
      readonly type: 'unknown'
      readonly message: string
      /** Why the last try was turned away, when an earlier one may have arrived: stop buying all the same. */
      readonly stop?: 'key' | 'credits'
    }

/** What a job is doing. Credits are null where the service does not say. */
export type JobState =
  | { readonly type: 'running'; readonly progress: number | null }
  | {
      readonly type: 'completed'
      readonly pictures: readonly OfferedPicture[]
      readonly credits: number | null
      /** True once the service has purged the files. */
      readonly expired: boolean
      /** Milliseconds from its beginning to its end by the service's own clock, where it says so. */
      readonly tookMs?: number | null
    }
  | {
      readonly type: 'failed'
      readonly why: 'refused' | 'capacity' | 'other' | 'cancelled'
      readonly message: string
      /** 0 is a confirmed refund. */
      readonly credits: number | null
    }
  /** The service does not know the job (404). */
  | { readonly type: 'gone'; readonly message: string }
  /** The key was refused, so nothing is known of the job. */
  | { readonly type: 'locked-out'; readonly message: string }
  /** No usable answer in this try; ask again later. */
  | { readonly type: 'unreachable'; readonly message: string }

/** One call to the service; the path is joined to the base URL, the API key is added by `send`. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Sent byte for byte, as JSON. */
  readonly body?: string
  /** `Idempotency-Key`; a call that has one, and every GET, is safe to send again. */
  readonly idempotencyKey?: string
}

export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 8 MB. */
  readonly text: string
  /** The parsed text, or undefined when it is no JSON. */
  readonly json: unknown
  /** True when an earlier try of the same call may have arrived: a later "no" then says nothing about that one. */
  readonly earlierMayHaveArrived?: boolean
}

/** Thrown by `send` when the try budget ended without an answer. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly why: 'time-out' | 'network' | 'too-large' | 'stopped'
  /** False only when it is certain that the request never left this machine (no address, connection refused). */
  readonly mayHaveArrived: boolean

  constructor(why: SendError['why'], mayHaveArrived: boolean, message: string) {
    super(message)
    this.why = why
    this.mayHaveArrived = mayHaveArrived
  }
}

/** All a provider can reach. It cannot retry, cache, log, read files or spend twice. */
export interface ProviderIo {
  /**
   * Sends one call. Time-outs, retries of what is safe (408, 429 with Retry-After, 5xx, resets), one shared brake,
   * size caps, cancellation and redaction are inside. Resolves with the last reply, throws `SendError`.
   */
  readonly send: (call: Call) => Promise<Reply>
  /** Rasterizes an SVG to PNG bytes. */
  readonly draw: (svg: string, width: number, height: number) => Promise<Uint8Array>
}

/** A purchase that the journal knows and that is not settled. */
export interface OpenPurchase {
  /** The idempotency key, which is the digest of (request key, first take, count, epoch). */
  readonly purchase: string
  readonly model: string
  readonly body: string
  /** When `intended` was written, milliseconds since 1970. */
  readonly intendedMs: number
  readonly job: string | null
}

/** What looking for a lost job came to: its id, confirmed absence, no way to tell, or no answer at this time. */
export type Found =
  | { readonly type: 'job'; readonly job: string }
  | { readonly type: 'absent' }
  /** The service answered, and it cannot be told: a person decides. */
  | { readonly type: 'unknown' }
  /** It did not answer: another run asks again. */
  | { readonly type: 'unreachable' }

/** A service that makes pictures: data in, bytes or URLs out. */
export interface Provider {
  readonly contract: 1
  readonly name: string
  /** Recorded in the journal; in no key. */
  readonly revision: string
  /** A submit may be sent again with its key. */
  readonly idempotent: boolean
  /** Settings that cannot be honoured; pure. */
  check(request: ImageRequest): readonly Unsupported[]
  /** Ratios a model can be asked for; pure. */
  aspects(model: string): readonly string[]
  /** Pictures one job can return; pure. */
  perJob(model: string): { readonly min: number; readonly max: number }
  /** Credits for a job of `count` pictures; null is "unknown", not zero; pure. */
  price(request: ImageRequest, count: number): number | null
  /** The exact body to keep in the journal and to send; pure. */
  prepare(request: ImageRequest, count: number): string
  /** The same body with an address where the service is to tell when the job has ended; pure. Left out: it cannot. */
  withWebhook?(body: string, url: string): string
  /** The one call that can cost money. */
  submit(purchase: { readonly key: string; readonly body: string }, io: ProviderIo): Promise<Submitted>
  /** Free. */
  poll(job: string, io: ProviderIo): Promise<JobState>
  /** Looks for the job of a purchase whose answer never came; ids in `known` belong to others. */
  find(purchase: OpenPurchase, known: ReadonlySet<string>, io: ProviderIo): Promise<Found>
}
