import { type IncomingHttpHeaders, createServer } from 'node:http'
import { onTestFinished } from 'vitest'

/** One webhook as it arrived. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly json: Readonly<Record<string, unknown>>
}

/** Where webhooks of a test go. */
export interface WebhookReceiver {
  readonly url: string
  readonly received: readonly ReceivedWebhook[]
  /** Resolves with everything received once it is so many. */
  readonly until: (count: number) => Promise<readonly ReceivedWebhook[]>
}

/** Listens for the test that is running; `answer` gives the status for the nth webhook, counted from 1. */
export async function startWebhookReceiver(
  answer: (nth: number) => number = () => 204,
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      received.push({
        headers: request.headers,
        body,
        json: JSON.parse(body) as Readonly<Record<string, unknown>>,
      })
      response.writeHead(answer(received.length)).end()
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    until: async (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < count) return
          waiting.delete(look)
          resolve(received)
        }
        waiting.add(look)
        look()
      }),
  }
}
