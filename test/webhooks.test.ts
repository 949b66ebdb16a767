import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/effects/clock.ts'
import type { Clock } from '../src/effects/clock.ts'
import { manifestOf, testProject } from './support/project.ts'

const ONE = manifestOf({ lamp: { prompt: 'a lamp' } })

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return typeof address === 'object' && address !== null ? address.port : 0
}

function configOf(port: number): string {
  return JSON.stringify({ webhook: { url: `http://127.0.0.1:${port}/hook`, listen: port } })
}

/** Time in which nobody asks the service a second time of their own accord. */
const patientClock: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) =>
    signal === undefined
      ? systemClock.sleep(delayMs)
      : new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true })
        }),
}

describe('webhooks', () => {
  it('end the waiting for a job', async () => {
    const project = await testProject(ONE)
    project.write('.pixelkilnrc.json', configOf(await freePort()))
    const run = await project.build({ clock: patientClock })
    expect(run.exitCode).toBe(0)
    expect(project.bought()).toBe(1)
  })

  it.each(['webhook-never', 'webhook-forged', 'webhook-twice'] as const)(
    'are not needed: %s',
    async (fault) => {
      const project = await testProject(ONE, { faults: [{ fault }] })
      project.write('.pixelkilnrc.json', configOf(await freePort()))
      expect((await project.build()).exitCode).toBe(0)
      expect(project.bought()).toBe(1)
    },
  )

  it('are left out with a note when the port is taken', async () => {
    const project = await testProject(ONE)
    project.write('.pixelkilnrc.json', configOf(project.emulator.port))
    const run = await project.build()
    expect(run.exitCode).toBe(0)
    expect(run.result.notes.map(({ code }) => code)).toContain('service/webhook')
  })

  it('go to an https address or to this machine only', async () => {
    const project = await testProject(ONE)
    project.write(
      '.pixelkilnrc.json',
      JSON.stringify({ webhook: { url: 'http://example.com', listen: 4000 } }),
    )
    expect((await project.build()).codes).toEqual(['config/wrong'])
  })
})
