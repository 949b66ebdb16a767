import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { DiskError } from '../effects/files.ts'
import { VERSION } from '../tool.ts'
import { type Gate, createGate } from './callers.ts'
import { reset as resetService } from './control.ts'
import { openLog } from './disk.ts'
import { type FaultRule, type Faults, createFaults } from './faults.ts'
import { type Ledger, createTally, ledgerOf } from './ledger.ts'
import { type EmulatorOptions, type Settings, settle } from './options.ts'
import { createPictures } from './pictures.ts'
import { openRecords } from './records.ts'
import { refusal, send } from './reply.ts'
import { handle } from './routes.ts'
import { type Service, refill } from './service.ts'
import { createWebhooks } from './webhooks.ts'

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:4010`: what APIFRAME_BASE_URL is set to. */
  readonly url: string
  readonly port: number
  /** Everything it was asked and paid so far. */
  readonly ledger: () => Ledger
  readonly control: {
    readonly faults: Faults
    readonly addFault: (rule: FaultRule) => void
    readonly addCredits: (credits: number) => void
    /** As if it had just been started for the first time. */
    readonly reset: () => void
  }
  /** Ends every connection and stops listening; what is on disk stays there. */
  readonly close: () => Promise<void>
}

/** The header by which the emulator's answers are told from the real service's. */
const HEADER = 'x-pixelkiln-emulator'

/**
 * Starts a local Apiframe v2 on loopback. Rejects with RangeError for another host, with the system's error when the
 * port is taken, with `DiskError` when the folder cannot be used.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = settle(options)
  const log = openLog(settings.folder)
  const stop = new AbortController()
  // Every slow answer and every webhook that waits listens to it.
  setMaxListeners(0, stop.signal)
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS })
  const service = createService(settings, { log, server, signal: stop.signal })
  const gate = createGate(settings)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer({ service, gate }, request, response)
  })
  try {
    await listen(server, settings)
  } catch (error) {
    log.close()
    throw error
  }
  return {
    url: service.origin(),
    port: portOf(server),
    ledger: () => ledgerOf(service, settings.clock.now()),
    control: {
      faults: service.faults,
      addFault: service.faults.add,
      addCredits: service.records.grant,
      reset: () => resetService(service),
    },
    close: async () => {
      if (stop.signal.aborted) return
      stop.abort()
      await closeServer(server)
      log.close()
    },
  }
}

// Longer than any client keeps an idle connection, so that the server's end is never the one that surprises it.
const KEEP_ALIVE_MS = 120_000

function createService(
  settings: Settings,
  parts: { readonly log: ReturnType<typeof openLog>; readonly server: Server; readonly signal: AbortSignal },
): Service {
  const { log, server, signal } = parts
  const records = openRecords(log, settings.credits)
  refill({ settings, records })
  const origin = (): string => {
    const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
    return `http://${host}:${portOf(server)}`
  }
  return {
    settings,
    records,
    faults: createFaults(settings.faults),
    pictures: createPictures(settings.picture),
    webhooks: createWebhooks({ settings, records, origin, signal }),
    tally: createTally(),
    origin,
    signal,
  }
}

async function answer(
  parts: { readonly service: Service; readonly gate: Gate },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { settings } = parts.service
  // The service's time is the emulator's clock, also where a client reads it from the answer.
  response.setHeader('date', new Date(settings.clock.now()).toUTCString())
  response.setHeader('x-request-id', randomUUID())
  if (!settings.plain) response.setHeader(HEADER, VERSION)
  try {
    await handle(parts, request, response)
  } catch (error) {
    // A client that went away takes its request with it.
    if (response.destroyed || response.headersSent) return
    if (error instanceof DiskError)
      send(response, refusal(503, `Service temporarily unavailable (${error.message})`))
    else send(response, refusal(500, `Internal error of the emulator: ${String(error)}`))
  }
}

async function listen(server: Server, settings: Settings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
