import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EmulatorOptions } from '../../src/emulator/options.ts'
import { signWebhook } from '../../src/emulator/webhooks.ts'
import { TEST_KEY, type TestEmulator, startTestEmulator, startTimedEmulator } from '../support/emulator.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const LAMP = { prompt: 'A lamp.', model: 'dall-e-3' }

/** Polls until the delivery is settled; it is in a moment. */
async function settled(emulator: TestEmulator, id: string): Promise<unknown> {
  for (;;) {
    const status = (await emulator.job(id)).json?.['webhookStatus']
    if (status !== 'pending') return status
  }
}

describe('the signature', () => {
  const body = '{"event":"completed","jobId":"00000000-0000-4000-8000-000000000001","status":"COMPLETED"}'

  it('has the documented values in both forms', () => {
    expect(signWebhook(body, TEST_KEY, 'bytes')).toBe(
      'sha256=de1c001f8eeb860cb19cfddf2f67c15008e3ea47050a3adbf390e828b3493cac',
    )
    expect(signWebhook(body, TEST_KEY, 'hex')).toBe(
      'sha256=58667f3755bb6c70dde5241f14ad7d2d7ddc2fd97a4f3fb057a06e4ab8c8baa0',
    )
  })

  it.each([
    ['hex by default', {}, 'hex'],
    ['bytes where that is the setting', { webhookForm: 'bytes' }, 'bytes'],
    ['bytes where a rule says so', { faults: [{ fault: 'webhook-bytes' }] }, 'bytes'],
    ['hex where a rule says so', { webhookForm: 'bytes', faults: [{ fault: 'webhook-hex' }] }, 'hex'],
  ] as const)('of a delivery is %s', async (_, options: EmulatorOptions, form) => {
    const hook = await startWebhookReceiver()
    const emulator = await startTestEmulator(options)
    await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const [post] = await hook.until(1)
    expect(post?.headers['x-webhook-signature']).toBe(signWebhook(post?.body ?? '', TEST_KEY, form))
  })

  it('is wrong where a rule says so', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTestEmulator({ faults: [{ fault: 'webhook-forged' }] })
    await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const [post] = await hook.until(1)
    const right = (['hex', 'bytes'] as const).map((form) => signWebhook(post?.body ?? '', TEST_KEY, form))
    expect(post?.headers['x-webhook-signature']).toMatch(/^sha256=[0-9a-f]{64}$/)
    expect(right).not.toContain(post?.headers['x-webhook-signature'])
  })
})

describe('deliveries', () => {
  it('a completed job is told with its result, and the job says that it was', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTestEmulator()
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const [post] = await hook.until(1)
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-webhook-event': 'completed',
    })
    const { result, completedAt } = (await emulator.job(id)).json ?? {}
    expect(post?.json).toEqual({
      event: 'completed',
      jobId: id,
      status: 'COMPLETED',
      progress: 100,
      result,
      model: 'dall-e-3',
      creditCost: 21,
      completedAt,
    })
    expect(await settled(emulator, id)).toBe('delivered')
    expect(hook.received).toHaveLength(1)
  })

  it('progress is told when it was asked for, each step once, and then the end', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTimedEmulator()
    const webhookEvents = ['progress', 'failed']
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url, webhookEvents })
    expect((await emulator.job(id)).json?.['webhookStatus']).toBe('pending')
    for (let told = 1; told <= 9; told += 1) {
      while (hook.received.length < told) await emulator.clock.advance(10)
    }
    await emulator.clock.advance(2000)
    expect(await settled(emulator, id)).toBe('delivered')
    const progress = hook.received.map(({ json }) => json['progress'])
    expect(progress).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90])
    expect(hook.received[4]?.json).toEqual({
      event: 'progress',
      jobId: id,
      status: 'PROCESSING',
      progress: 50,
      model: 'dall-e-3',
    })
  })

  it('a failed job is told with its error', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTestEmulator({ faults: [{ fault: 'failed-policy' }] })
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const [post] = await hook.until(1)
    expect(post?.json).toEqual({
      event: 'failed',
      jobId: id,
      status: 'FAILED',
      error: 'Provider returned an error: content policy violation',
      model: 'dall-e-3',
    })
  })

  it('webhook-twice tells everything twice', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTestEmulator({ faults: [{ fault: 'webhook-twice' }] })
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const [one, other] = await hook.until(2)
    expect(other?.body).toBe(one?.body)
    expect(await settled(emulator, id)).toBe('delivered')
  })

  it('webhook-never tells nothing and stays pending', async () => {
    const hook = await startWebhookReceiver()
    const emulator = await startTimedEmulator({ faults: [{ fault: 'webhook-never', when: { nth: 1 } }] })
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    const other = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    await emulator.clock.advance(2000)
    const [post] = await hook.until(1)
    expect(post?.json['jobId']).toBe(other)
    expect((await emulator.job(id)).json).toMatchObject({ status: 'COMPLETED', webhookStatus: 'pending' })
  })

  it('a receiver that fails is tried three times', async () => {
    const hook = await startWebhookReceiver((nth) => (nth < 3 ? 500 : 200))
    const emulator = await startTimedEmulator()
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    while (hook.received.length < 3) await emulator.clock.advance(500)
    expect(await settled(emulator, id)).toBe('delivered')
  })

  it('one that always fails has failed in the end', async () => {
    const hook = await startWebhookReceiver(() => 503)
    const emulator = await startTimedEmulator()
    const id = await emulator.accepted({ ...LAMP, webhookUrl: hook.url })
    while (hook.received.length < 3) await emulator.clock.advance(500)
    expect(await settled(emulator, id)).toBe('failed')
    expect(hook.received).toHaveLength(3)
  })

  it.each([['https://example.com/hook'], ['http://192.0.2.1/hook'], ['http://example.com:1/hook']])(
    '%s is accepted and never called',
    async (webhookUrl) => {
      // Another try would wait for the clock, which stands still.
      const emulator = await startTimedEmulator({ latencyMs: 0 })
      const id = await emulator.accepted({ ...LAMP, webhookUrl })
      expect(await settled(emulator, id)).toBe('failed')
    },
  )

  it('what a stopped emulator had not told has failed for the next one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const hook = await startWebhookReceiver()
    const first = await startTimedEmulator({ folder })
    const id = await first.accepted({ ...LAMP, webhookUrl: hook.url })
    await first.close()
    const second = await startTestEmulator({ folder })
    expect((await second.job(id)).json?.['webhookStatus']).toBe('failed')
    expect(hook.received).toHaveLength(0)
  })

  it('a job without a webhook has no webhook status', async () => {
    const emulator = await startTestEmulator()
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).json?.['webhookStatus']).toBeNull()
  })
})
