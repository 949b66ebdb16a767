import type { BuildEvent } from '../core/events.ts'
import type { Original } from '../core/image.ts'
import type { FailureClass, IntendedLine, JournalLine, JournalPurchase } from '../core/journal.ts'
import type { PollSchedule } from '../core/poll-schedule.ts'
import type { Problem, ProblemCode } from '../core/problems.ts'
import type { Provider, ProviderIo } from '../core/provider.ts'
import type { Clock } from '../effects/clock.ts'
import type { JournalWriter } from '../effects/journal.ts'
import type { Sender } from '../effects/send.ts'
import type { Store } from '../effects/store.ts'

/** What a purchase needs of the world. */
export interface Till {
  readonly provider: (name: string) => Provider | undefined
  readonly io: Omit<ProviderIo, 'send'> & Pick<Sender, 'send'>
  readonly store: Store
  readonly journal: JournalWriter
  /** Everything the journal knew when the run began, kept up to date by the steps written here; what the run itself bought is let go once it is stored. */
  readonly known: Map<string, JournalPurchase>
  /** The jobs of all purchases, those that were let go among them: each is somebody's already. */
  readonly jobs: Set<string>
  readonly download: (url: string) => Promise<Uint8Array>
  readonly inspect: (bytes: Uint8Array) => Promise<Original>
  readonly clock: Clock
  readonly schedule: PollSchedule
  /** Aborted when even what is in flight has to be left to the next run. */
  readonly signal: AbortSignal
  /** Aborted before that, by the first Ctrl-C or what else ends the buying: nothing more is sent that may cost money. */
  readonly stopping: AbortSignal
  /** Fetches the pictures of a job that has ended; a few at a time, for their bytes are held in memory. */
  readonly fetching: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs one search for a lost job at a time, so that no two purchases take the same job for theirs. */
  readonly oneSearch: <T>(work: () => Promise<T>) => Promise<T>
  /** Where the service is to tell that a job has ended; null is nowhere. */
  readonly webhookUrl: string | null
  /** Resolves when the service told of a job; polling goes on all the same. Null when nobody listens. */
  readonly heard: ((job: string) => Promise<void>) | null
  readonly onEvent: (event: BuildEvent) => void
  /** Names this run in the journal. */
  readonly run: string
  readonly origin: string
  readonly account: string
  readonly usualSeconds: (provider: string, model: string) => number | null
  /** Told when the job of a purchase has ended at the service, where its place is free for another, and what it cost. */
  readonly onEnded?: (credits: number | null) => void
}

/** How a purchase ended. */
export type Outcome =
  | { readonly type: 'stored'; readonly originals: readonly Original[]; readonly credits: number | null }
  | {
      readonly type: 'failed'
      readonly problem: Problem
      /** Not to be asked again until the words change. */
      readonly remember: boolean
      /** No further purchase makes sense in this run: the key, the credits or the network are at fault. */
      readonly stopBuying: boolean
      /** Credits that are or may be gone. */
      readonly credits: number | null
      /** Confirmed free, and worth another epoch in this run. */
      readonly tryAgain: boolean
    }

/** Tells that a purchase begins, or is taken up again. */
export function announce(intended: IntendedLine, till: Till, reason: string): void {
  const { purchase, images, count, reserved } = intended
  const model = `${intended.provider}/${intended.model}`
  const usualSeconds = till.usualSeconds(intended.provider, intended.model)
  till.onEvent({ type: 'buying', purchase, images, model, count, credits: reserved, usualSeconds, reason })
}

/** Writes one step down and keeps what is known up to date. Rejects with `DiskError`. */
export async function record(
  line: JournalLine,
  till: Pick<Till, 'journal' | 'known' | 'jobs'>,
): Promise<void> {
  if (line.step === 'accepted') till.jobs.add(line.job)
  await till.journal.write(line)
  const before = till.known.get(line.purchase)
  if (line.step === 'intended') {
    till.known.set(line.purchase, { intended: line, job: null, finished: null, stored: null, failed: null })
  } else if (before) {
    const { step, ...rest } = line
    const change =
      step === 'accepted'
        ? { job: line.job, failed: null }
        : step === 'stored'
          ? { stored: line.takes }
          : { [step]: rest }
    till.known.set(line.purchase, { ...before, ...change })
  }
}

/** Ends a purchase without all its pictures: writes the step and makes the problem. */
export async function fail(
  intended: IntendedLine,
  end: {
    readonly class: FailureClass
    readonly code: ProblemCode
    readonly text: string
    readonly advice: string
    readonly credits: number | null
    readonly remember?: true
    readonly stopBuying?: true
    readonly tryAgain?: true
  },
  till: Till,
): Promise<Outcome> {
  const at = isoNow(till)
  const text = end.text
  await record(
    { step: 'failed', purchase: intended.purchase, at, class: end.class, text, credits: end.credits },
    till,
  )
  return {
    type: 'failed',
    problem: {
      code: end.code,
      message: `${intended.images.join(', ')}: ${text} ${end.advice}`,
      ...firstImage(intended),
    },
    remember: end.remember ?? false,
    stopBuying: end.stopBuying ?? false,
    tryAgain: end.tryAgain ?? false,
    credits: end.credits,
  }
}

/** Leaves a purchase open in the journal, for the next run. */
export function left(
  intended: IntendedLine,
  why: string,
  options: { readonly stopBuying?: boolean; readonly code?: ProblemCode } = {},
): Outcome {
  const message = `${intended.images.join(', ')}: ${why}. It is written down, and the next run goes on from here without paying again.`
  return {
    type: 'failed',
    problem: { code: options.code ?? 'purchase/not-finished', message, ...firstImage(intended) },
    remember: false,
    stopBuying: options.stopBuying ?? false,
    tryAgain: false,
    credits: intended.reserved,
  }
}

export function isoNow(till: Pick<Till, 'clock'>): string {
  return new Date(till.clock.now()).toISOString()
}

/** Whom a problem is about, of several that share a purchase. */
export function firstImage({ images }: Pick<IntendedLine, 'images'>): { readonly image?: string } {
  const [image] = images
  return image === undefined ? {} : { image }
}
