import { openPurchases } from '../core/journal.ts'
import type { JournalPurchase } from '../core/journal.ts'
import type { Note, Problem } from '../core/problems.ts'
import { findApiKey } from '../effects/api-key.ts'
import type { Look } from './reading.ts'
import type { OpenTill } from './open-till.ts'
import type { BuildOptions } from './options.ts'
import type { Session } from './session.ts'

/** The service as one run needs it, or why it is not to be had. */
export interface Service {
  readonly till: OpenTill | null
  readonly hasKey: boolean
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
}

/** Opens the service for a run that has something to buy or to follow up; the HTTP client is loaded here. */
export async function openService(
  session: Session,
  { reading }: Look,
  given: { readonly options: BuildOptions; readonly abort: AbortSignal; readonly stopping: AbortSignal },
): Promise<Service> {
  const open = openPurchases(reading.purchases)
  const asked = await given.options.service?.()
  const { key, notes } = asked
    ? { key: asked.apiKey, notes: [] }
    : findApiKey(session.project.folder, session.environment)
  if (key === null)
    return { till: null, hasKey: false, problems: open.length > 0 ? [keyForOpen(open)] : [], notes }
  const { openTill, DEFAULT_BASE_URL } = await import('./open-till.ts')
  const opened = await openTill({
    baseUrl: asked?.baseUrl ?? session.environment['APIFRAME_BASE_URL'] ?? DEFAULT_BASE_URL,
    apiKey: key,
    emulated: session.mode === 'emulator',
    store: reading.store,
    journalPath: reading.journalPath,
    purchases: reading.purchases,
    providers: reading.providers,
    environment: session.environment,
    clock: session.clock,
    proxy: reading.config.proxy,
    webhook: session.mode === 'emulator' ? undefined : reading.config.webhook,
    signal: given.abort,
    stopping: given.stopping,
    downloadMs: given.options.downloadMs,
    onEvent: session.onEvent,
  })
  if ('problem' in opened) return { till: null, hasKey: true, problems: [opened.problem], notes }
  return { till: opened, hasKey: true, problems: [], notes: [...notes, ...opened.notes] }
}

function keyForOpen(open: readonly JournalPurchase[]): Problem {
  const ids = [...new Set(open.flatMap(({ intended }) => intended.images))].slice(0, 5).join(', ')
  const what = open.length === 1 ? 'A purchase' : `${open.length} purchases`
  return {
    code: 'service/key-missing',
    message: `${what} of an earlier run (${ids}) can only be followed up with the API key. Set APIFRAME_API_KEY; nothing is bought a second time.`,
  }
}
