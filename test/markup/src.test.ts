import { expect, it } from 'vitest'
import { pictureId } from '../../src/markup/picture-id.ts'
import { src } from '../../src/markup/src.ts'
import { lockImage, lockOf } from '../support/locks.ts'

const LOCK = lockOf({ 'home/hero': lockImage('home/hero'), 'über/maß': lockImage('über/maß') })

it.each([
  [{}, '/images/home/hero-960.jpeg'],
  [{ width: 1200 }, '/images/home/hero-960.jpeg'],
  [{ width: 1250 }, '/images/home/hero-1536.jpeg'],
  [{ width: 720 }, '/images/home/hero-960.jpeg'],
  [{ width: 1 }, '/images/home/hero-480.jpeg'],
  [{ format: 'avif', width: 9999 }, '/images/home/hero-1536.avif'],
  [{ url: 'img' }, 'img/home/hero-960.jpeg'],
  [{ site: 'https://example.com' }, 'https://example.com/images/home/hero-960.jpeg'],
  [{ site: 'https://example.com/docs', url: 'img' }, 'https://example.com/docs/img/home/hero-960.jpeg'],
  [{ site: 'https://example.com', url: 'https://cdn.example' }, 'https://cdn.example/home/hero-960.jpeg'],
] as const)('one address: %j gives %s', (options, expected) => {
  expect(src(LOCK, 'home/hero', options)).toBe(expected)
})

it('an address is encoded', () => {
  expect(src(LOCK, 'über/maß', { width: 480 })).toBe('/images/%C3%BCber/ma%C3%9F-480.jpeg')
})

it('a format that there is not is told with those there are', () => {
  expect(() => src(LOCK, 'home/hero', { format: 'png' })).toThrow('it has avif, webp, jpeg')
})

it('any value is said to be an id or not', () => {
  expect(pictureId(LOCK, 'home/hero')).toBe('home/hero')
  expect(() => pictureId(LOCK, 'home/her')).toThrow('Did you mean "home/hero"?')
  expect(() => pictureId(LOCK, undefined)).toThrow('No image is named "undefined"')
  expect(() => pictureId(LOCK, { id: 1 })).toThrow('No image is named')
  const pictures = { 'home/hero': 1, lamp: 2 }
  const id: 'home/hero' | 'lamp' = pictureId(pictures, 'lamp')
  expect(id).toBe('lamp')
  expect(() => pictureId(pictures, 'lmap')).toThrow('Did you mean "lamp"?')
  expect(() => pictureId(pictures, 'toString')).toThrow('No image is named "toString"')
})
