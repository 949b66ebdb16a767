import { onTestFinished, describe, expect, it } from 'vitest'
import { openReceiver } from '../../src/effects/webhook.ts'
import { signWebhook } from '../../src/emulator/webhooks.ts'

const KEY = 'afk_0000000000000000000000000000000000000000'
const BODY = JSON.stringify({ event: 'completed', jobId: 'job-1', status: 'COMPLETED' })

async function receiver(): Promise<{
  readonly heard: (job: string) => Promise<void>
  readonly post: (body: string, headers?: Readonly<Record<string, string>>) => Promise<number>
}> {
  const opened = await openReceiver({ port: 0, apiKey: KEY, follows: (job) => job === 'job-1' })
  onTestFinished(() => opened.close())
  return {
    heard: opened.heard,
    post: async (body, headers) => {
      const sent = {
        method: 'POST',
        body,
        headers: { 'x-webhook-signature': signWebhook(body, KEY, 'hex'), ...headers },
      }
      return (await fetch(`http://127.0.0.1:${opened.port}/`, sent)).status
    },
  }
}

describe('a webhook', () => {
  it.each(['hex', 'bytes'] as const)(
    'is heard when signed with the %s form of the hashed key',
    async (form) => {
      const { heard, post } = await receiver()
      const told = heard('job-1')
      expect(await post(BODY, { 'x-webhook-signature': signWebhook(BODY, KEY, form) })).toBe(204)
      await expect(told).resolves.toBeUndefined()
    },
  )

  it('signs as the documents say, in both forms', () => {
    const body = '{"event":"completed","jobId":"00000000-0000-4000-8000-000000000001","status":"COMPLETED"}'
    expect(signWebhook(body, KEY, 'bytes')).toBe(
      'sha256=de1c001f8eeb860cb19cfddf2f67c15008e3ea47050a3adbf390e828b3493cac',
    )
    expect(signWebhook(body, KEY, 'hex')).toBe(
      'sha256=58667f3755bb6c70dde5241f14ad7d2d7ddc2fd97a4f3fb057a06e4ab8c8baa0',
    )
  })

  it('that comes while nobody waits is heard by the next who does', async () => {
    const { heard, post } = await receiver()
    expect(await post(BODY)).toBe(204)
    await heard('job-1')
  })

  it.each([
    ['without a signature', { 'x-webhook-signature': '' }, BODY, 401],
    ['with a signature that is none', { 'x-webhook-signature': 'sha256=zz' }, BODY, 401],
    ['signed with another key', { 'x-webhook-signature': signWebhook(BODY, `${KEY}x`, 'hex') }, BODY, 401],
    ['of another body', { 'x-webhook-signature': signWebhook(`${BODY} `, KEY, 'hex') }, BODY, 401],
    ['that is no JSON', {}, '<html>', 400],
    ['without a job', {}, '{"event":"completed"}', 400],
    ['of an event that was not asked for', {}, '{"event":"progress","jobId":"job-1"}', 400],
    ['about a job that is not ours', {}, '{"event":"completed","jobId":"job-2"}', 404],
    ['of two megabytes', {}, ' '.repeat(2_000_000), 413],
  ])('%s is refused', async (_, headers, body, status) => {
    const { post } = await receiver()
    const answered = await post(body, headers).catch(() => 413)
    expect(answered).toBe(status)
  })

  it('that comes twice is refused the second time', async () => {
    const { post } = await receiver()
    expect([await post(BODY), await post(BODY)]).toEqual([204, 409])
  })
})
