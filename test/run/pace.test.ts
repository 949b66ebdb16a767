import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { BuildEvent } from '../../src/core/events.ts'
import { manifestOf, testProject } from '../support/project.ts'

const outputs = { formats: ['avif', 'webp', 'jpeg'], widths: [64, 80], effort: { avif: 4 } }

/** So many images with files that take a while. */
function shelf(count: number, more: Readonly<Record<string, { prompt: string }>> = {}): string {
  const images = Array.from({ length: count }, (_, index) => [`lamp-${index}`, { prompt: `Lamp ${index}` }])
  return manifestOf({ ...Object.fromEntries(images), ...more }, { defaults: { outputs } })
}

it('a few pictures are bought ahead of their files, however fast the service is', async () => {
  const project = await testProject(shelf(24))
  let [ahead, most] = [0, 0]
  const onEvent = ({ type }: BuildEvent): void => {
    if (type === 'bought') ahead += 1
    if (type === 'encoded') ahead -= 1
    most = Math.max(most, ahead)
  }
  const run = await project.build({ concurrency: 2, onEvent })
  expect(run.finished).toMatchObject({ ok: true, bought: 24, encoded: 144 })
  expect(most).toBeLessThanOrEqual(8)
})

it('what is bought gets its files before those that are only made anew', async () => {
  const project = await testProject(shelf(16))
  await project.build({ concurrency: 10 })
  rmSync(project.path('images'), { recursive: true })
  project.write('pixelkiln.yaml', shelf(16, { mug: { prompt: 'A mug' } }))
  const run = await project.build()
  const made = run.events.flatMap((event) => (event.type === 'encoded' ? [event.image] : []))
  expect(made).toHaveLength(17)
  expect(made.indexOf('mug')).toBeLessThan(12)
})
