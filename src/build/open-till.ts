import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import type { Config } from '../core/config.ts'
import type { BuildEvent } from '../core/events.ts'
import type { JournalPurchase } from '../core/journal.ts'
import { createPollSchedule } from '../core/poll-schedule.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { Provider } from '../core/provider.ts'
import type { Clock } from '../effects/clock.ts'
import { createDownload } from '../effects/download.ts'
import { rasterize } from '../effects/draw.ts'
import { DiskError, sha256Of } from '../effects/files.ts'
// Not later: what cannot look at a picture may not buy one.
import { inspectOriginal } from '../effects/inspect.ts'
import { hasProxy } from '../effects/http.ts'
import { compactJournal, openJournal } from '../effects/journal.ts'
import { checkBaseUrl } from '../core/base-url.ts'
import { encodeSlots } from '../effects/schedule.ts'
import { createSend } from '../effects/send.ts'
import type { Store } from '../effects/store.ts'
import { openReceiver } from '../effects/webhook.ts'
import type { Receiver } from '../effects/webhook.ts'
import { catalog } from '../providers/catalog.ts'
import type { Till } from '../purchase/till.ts'

export const DEFAULT_BASE_URL = 'https://api.apiframe.ai'
/** Each holds a picture in memory, of 64 MB at most. */
const FETCHES = 8
export const EMULATOR_HEADER = 'x-pixelkiln-emulator'

/** Everything that buying needs, opened; `close` frees it. */
export interface OpenTill {
  readonly till: Till
  /** True when the service runs on this machine. */
  readonly loopback: boolean
  /** Whether the service says that it is the emulator. Asks only services on this machine. */
  readonly isEmulator: () => Promise<boolean>
  readonly notes: readonly Note[]
  readonly close: () => Promise<void>
}

/** What buying needs to be told. */
export interface TillOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly emulated: boolean
  readonly store: Store
  readonly journalPath: string
  readonly purchases: ReadonlyMap<string, JournalPurchase>
  readonly providers: ReadonlyMap<string, Provider>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly webhook: Config['webhook']
  readonly proxy: Config['proxy']
  readonly signal: AbortSignal
  readonly stopping: AbortSignal
  readonly downloadMs: number | undefined
  readonly onEvent: (event: BuildEvent) => void
}

/** Opens what buying needs: the connection, the journal for writing. Loads the HTTP client; so only when something is bought. */
export async function openTill(options: TillOptions): Promise<OpenTill | { readonly problem: Problem }> {
  const { baseUrl, apiKey, clock, signal, onEvent, downloadMs: totalMs } = options
  const base = checkBaseUrl(baseUrl)
  if ('problem' in base) return base
  const proxy = !base.loopback && (options.proxy ?? hasProxy(options.environment))
  const sender = createSend({
    baseUrl: base.url,
    apiKey,
    signal,
    clock,
    proxy,
    onBrake: (seconds, why) => onEvent({ type: 'braked', seconds, why }),
  })
  const { send } = sender
  const downloader = createDownload({ allowLoopbackHttp: base.loopback, clock, proxy, totalMs })
  // Decoding takes threads of the pool in which the journal waits for the disk, and never all of them.
  const looking = pLimit(encodeSlots())
  const known = knownOf(options.purchases)
  await compactJournal(options.journalPath)
  const ear = await listen(options, known.jobs)
  const journal = openJournal(options.journalPath)
  const till: Till = {
    provider: (name) => options.providers.get(name),
    io: { send, draw: rasterize },
    store: options.store,
    journal,
    ...known,
    download: (url) => downloader.download(url, signal),
    inspect: (bytes) => looking(() => inspectOriginal(bytes)),
    clock,
    schedule: createPollSchedule(),
    signal,
    stopping: options.stopping,
    fetching: pLimit(FETCHES),
    oneSearch: pLimit(1),
    webhookUrl: ear.receiver ? (options.webhook?.url ?? null) : null,
    heard: ear.receiver?.heard ?? null,
    onEvent,
    run: randomUUID(),
    // The emulator's port is another one each time, and it is the same service all the same.
    origin: options.emulated ? 'emulator' : base.origin,
    account: sha256Of(apiKey).slice(0, 8),
    usualSeconds: (provider, model) => catalog.models[`${provider}/${model}`]?.seconds ?? null,
  }
  return {
    till,
    loopback: base.loopback,
    notes: ear.notes,
    isEmulator: async () => {
      if (!base.loopback) return false
      const once = createSend({ baseUrl: base.url, apiKey, signal, clock, proxy, tryBudgetMs: 0 })
      const reply = await once.send({ method: 'GET', path: '/v2/models' }).catch(() => null)
      await once.close()
      return reply?.headers[EMULATOR_HEADER] !== undefined
    },
    close: async () => {
      await journal.close()
      void ear.receiver?.close()
      // What is still under way was aborted or is of no interest any more.
      void Promise.allSettled([sender.close(), downloader.close()])
    },
  }
}

function knownOf(purchases: TillOptions['purchases']): Pick<Till, 'known' | 'jobs'> {
  return { known: new Map(purchases), jobs: new Set([...purchases.values()].flatMap(({ job }) => job ?? [])) }
}

/** Webhooks only save time: when the port is not to be had, the run polls as ever and says so. */
async function listen(
  { webhook, apiKey }: TillOptions,
  jobs: ReadonlySet<string>,
): Promise<{ readonly receiver: Receiver | null; readonly notes: readonly Note[] }> {
  if (!webhook) return { receiver: null, notes: [] }
  const follows = (job: string): boolean => jobs.has(job)
  try {
    return { receiver: await openReceiver({ port: webhook.listen, apiKey, follows }), notes: [] }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error
    const message = `Webhooks cannot be received (${error.message}), so this run asks after its jobs as usual. Free the port, or choose another "listen" in the config.`
    return { receiver: null, notes: [{ code: 'service/webhook', message }] }
  }
}
