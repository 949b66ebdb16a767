import { expect, it } from 'vitest'
import { BuildError } from '../src/core/build-error.ts'
import { picture } from '../src/markup/picture.ts'
import { readLock } from '../src/read-lock.ts'
import { manifestOf, testProject } from './support/project.ts'
import { runCommand } from './support/run-command.ts'

const LOCK = 'images/pixelkiln.lock.json'

const IMAGES = {
  a: { prompt: 'A lamp', alt: 'A lamp' },
  b: { prompt: 'A mug', decorative: true },
}

it('a lock is enough for markup, without manifest, key or store', async () => {
  const project = await testProject(manifestOf(IMAGES, { url: '/img' }))
  await project.build()
  const lock = await readLock(project.path(LOCK))
  expect(lock).toEqual(await readLock({ cwd: project.folder }))
  expect(lock.url).toBe('/img')
  expect(picture(lock, 'b').children.at(-1)?.attributes).toMatchObject({ src: '/img/b-96.jpeg', alt: '' })
})

it('another public prefix or a decorative image changes the lock and no file', async () => {
  const project = await testProject(manifestOf(IMAGES))
  await project.build()
  expect(project.read(LOCK)).not.toContain('"url"')
  project.write(
    'pixelkiln.yaml',
    manifestOf({ ...IMAGES, a: { prompt: 'A lamp', decorative: true } }, { url: '/x' }),
  )
  const run = await project.build()
  expect([run.finished.encoded, project.bought()]).toEqual([0, 2])
  const lock = await readLock(project.path(LOCK))
  expect([lock.url, lock.images.get('a')?.decorative, lock.images.get('a')?.alt]).toEqual(['/x', true, null])
  expect((await project.build()).events.map(({ type }) => type)).toEqual(['finished'])
})

it('a lock that is not there or makes no sense is told', async () => {
  const project = await testProject(manifestOf(IMAGES))
  await expect(readLock(project.path(LOCK))).rejects.toBeInstanceOf(BuildError)
  project.write(LOCK, '{"lock":1,"manifest":"","images":{"a":{"variants":[["(x)"]]}}}')
  await expect(readLock(project.path(LOCK))).rejects.toThrow('variants of "a"')
})

it('a lock of a newer version is refused with words, also where there is something to buy', async () => {
  const project = await testProject(manifestOf(IMAGES))
  await project.build()
  const newer = project.read(LOCK).replace('"lock": 1', '"lock": 99')
  project.write(LOCK, newer)
  project.write('pixelkiln.yaml', manifestOf({ ...IMAGES, c: { prompt: 'A chair', alt: 'A chair' } }))
  const run = await project.build()
  expect([run.codes, run.exitCode, run.finished.bought, project.bought()]).toEqual([['lock/newer'], 2, 0, 2])
  for (const command of ['build', 'check']) {
    const { exitCode, out, errors } = await runCommand([command], { cwd: project.folder })
    expect([exitCode, out + errors]).toEqual([2, expect.stringContaining('Update pixelkiln')])
  }
  expect([project.read(LOCK), project.exists('images/c-64.webp')]).toEqual([newer, false])
})
