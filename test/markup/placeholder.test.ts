import { expect, it } from 'vitest'
import type { LockRecord } from '../../src/core/lock.ts'
import { picture } from '../../src/markup/picture.ts'
import { placeholderCss, placeholderOf } from '../../src/markup/placeholder.ts'
import { toHtml } from '../../src/markup/to-html.ts'
import { lockImage, lockOf, recordWith } from '../support/locks.ts'

const PLACEHOLDER = { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', colour: '#8a7f6d', image: 'UklGRg+/=' }

function withPlaceholder(record: LockRecord): LockRecord {
  return { ...record, placeholder: PLACEHOLDER }
}

const LOCK = lockOf({
  'home/hero': lockImage('home/hero', { bought: withPlaceholder(recordWith('home/hero')) }),
  'logo.1': lockImage('logo.1', { bought: withPlaceholder(recordWith('logo.1', { alpha: true })) }),
  plain: lockImage('plain'),
  pending: lockImage('pending', { bought: null }),
})

it('a placeholder is a data URI, a colour and a hash', () => {
  expect(placeholderOf(LOCK, 'home/hero')).toEqual({
    thumbhash: PLACEHOLDER.thumbhash,
    colour: '#8a7f6d',
    uri: 'data:image/webp;base64,UklGRg+/=',
  })
  expect(placeholderOf(LOCK, 'plain')).toBeNull()
})

it('no inline style is put unless asked for', () => {
  expect(toHtml(picture(LOCK, 'home/hero'))).not.toContain('style=')
  expect(toHtml(picture(LOCK, 'home/hero', { placeholder: 'class' }))).not.toContain('style=')
  expect(toHtml(picture(LOCK, 'home/hero', { placeholder: 'color' }))).toContain(
    ' style="background:#8a7f6d"',
  )
  expect(toHtml(picture(LOCK, 'home/hero', { placeholder: 'image' }))).toContain(
    ' style="background:#8a7f6d url(data:image/webp;base64,UklGRg+/=) center/cover"',
  )
})

it('a picture that is transparent somewhere gets none, for it would shine through', () => {
  expect(toHtml(picture(LOCK, 'logo.1', { placeholder: 'image' }))).not.toContain('style=')
})

it('a style sheet has the rule of every class, and ids stay apart in it', () => {
  expect(toHtml(picture(LOCK, 'home/hero', { class: 'wide', placeholder: 'class' }))).toContain(
    ' class="wide pixelkiln-home/hero"',
  )
  expect(placeholderCss(LOCK)).toBe('.pixelkiln-home\\/hero{background:#8a7f6d}\n')
  expect(placeholderCss(LOCK, { kind: 'image', ids: ['home/hero'] })).toContain('url(data:image/webp')
})

function shown(colour: string) {
  return lockImage('x', { bought: { ...recordWith('x'), placeholder: { ...PLACEHOLDER, colour } } })
}

it('other crops have their own rule where their media query holds, the first that fits last', () => {
  const tall = { media: '(max-width: 40em)', id: 'hero.tall' }
  const dark = { media: '(prefers-color-scheme: dark)', id: 'hero.dark' }
  const lock = lockOf({
    hero: { ...shown('#111111'), variants: [tall, { media: 'print', id: 'gone' }, dark] },
    'hero.tall': shown('#222222'),
    'hero.dark': shown('#333333'),
  })
  expect(placeholderCss(lock, { ids: ['hero'] })).toBe(
    '.pixelkiln-hero{background:#111111}\n' +
      '@media (prefers-color-scheme: dark){.pixelkiln-hero{background:#333333}}\n' +
      '@media (max-width: 40em){.pixelkiln-hero{background:#222222}}\n',
  )
})
