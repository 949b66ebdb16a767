import { expect, it } from 'vitest'
import { manifestOf, testProject } from './support/project.ts'

const LOCK = 'pixelkiln.lock.json'

function manifest(outputs: object): string {
  const defaults = { outputs: { formats: ['webp'], widths: [64, 96], effort: { webp: 0 }, ...outputs } }
  return manifestOf({ a: { prompt: 'A lamp', alt: 'A lamp' } }, { defaults })
}

it('files of widths and formats that are no longer asked for go', async () => {
  const project = await testProject(manifest({}))
  await project.build()
  expect(project.files('images')).toEqual(['a-64.webp', 'a-96.webp', LOCK])
  project.write('pixelkiln.yaml', manifest({ widths: [48, 96], formats: ['jpeg'] }))
  await project.build()
  expect(project.files('images')).toEqual(['a-48.jpeg', 'a-96.jpeg', LOCK])
})

it('one that somebody changed stays, and so does what was never ours', async () => {
  const project = await testProject(manifest({}))
  await project.build()
  project.write('images/a-64.webp', 'retouched by hand')
  project.write('images/a-32.webp', 'never ours')
  project.write('pixelkiln.yaml', manifest({ widths: [96] }))
  await project.build()
  expect(project.files('images')).toEqual(['a-32.webp', 'a-64.webp', 'a-96.webp', LOCK])
  expect(project.read('images/a-64.webp')).toBe('retouched by hand')
})

it('names with a hash change with the file, and the old ones go', async () => {
  const filename = '{id}-{width}.{hash}.{format}'
  const project = await testProject(manifest({ filename }))
  await project.build()
  const before = project.files('images')
  project.write('pixelkiln.yaml', manifest({ filename, quality: { webp: 31 } }))
  await project.build()
  const after = project.files('images')
  expect(after).toHaveLength(3)
  expect(after.filter((name) => before.includes(name))).toEqual([LOCK])
})
