import { expect, it } from 'vitest'
import { read, transcript } from '../../support/manifest.ts'

function emitted(emit: object, out = 'public/images'): ReturnType<typeof read> {
  return read(JSON.stringify({ version: 1, out, emit, images: { a: { prompt: 'A lamp' } } }))
}

it('paths to emit are relative to the project, cleaned', () => {
  expect(emitted({ data: './data//pictures.json', module: null }).manifest?.emit).toEqual({
    data: 'data/pictures.json',
    module: null,
  })
  expect(emitted({}).manifest?.emit).toEqual({ data: null, module: null })
})

it.each([
  [{ data: '../pictures.json' }, 'below the manifest'],
  [{ data: '/tmp/pictures.json' }, 'must be relative'],
  [{ data: '.pixelkiln/pictures.json' }, 'cannot be inside'],
  [{ data: 'a\\b.json' }, 'forward slashes'],
  [{ data: 'pictures.yaml' }, 'must end in .json'],
  [{ data: 'public/images/pixelkiln.lock.json' }, 'is the same file as the lock'],
  [{ data: 'Public/images/pixelkiln.lock.json' }, 'is the same file as the lock'],
  [{ module: 'pictures.css' }, 'must end in .ts'],
  [{ module: 'pictures.d.ts' }, 'must end in .ts'],
  [{ data: 'a.json', module: 'a.json/pictures.ts' }, 'cannot be where "emit.data" is'],
  [{ pictures: 'a.json' }, 'pictures'],
])('%j is refused', (emit, words) => {
  const reading = emitted(emit)
  expect([reading.manifest, transcript(reading)]).toEqual([null, expect.stringContaining(words)])
})
