import { describe, expect, it } from 'vitest'
import type { Pending } from '../../src/core/pending.ts'
import type { BuildEvent } from '../../src/core/events.ts'
import { frame } from '../../src/reporters/frame.ts'
import { NO_PROGRESS, advance } from '../../src/reporters/progress.ts'
import { foot } from '../../src/reporters/watch/foot.ts'
import { pressed } from '../../src/reporters/watch/pressed.ts'
import type { Wish } from '../../src/reporters/watch/pressed.ts'
import { createSessionText } from '../../src/reporters/watch/session-text.ts'
import { NEW_VIEW, viewAfter } from '../../src/reporters/watch/view.ts'
import type { WatchView } from '../../src/reporters/watch/view.ts'
import type { PendingEvent } from '../../src/watch/options.ts'

const SCREEN = { columns: 100, unicode: true, colour: false, nowMs: 0 }
const TERMS = { buys: false }

const hero = entry('home/hero', { reason: 'prompt changed', shows: 'bought' })
const teal = entry('shop/mug-teal', { credits: 42, pictures: 2 })
const white = entry('shop/mug-white', { failed: true })
const STANDING = standing([hero, teal, white])

function entry(id: string, more: Partial<Pending> = {}): Pending {
  return {
    id,
    images: [id],
    reason: 'new image',
    model: 'dall-e-3',
    pictures: 1,
    credits: 21,
    purchases: [`key of ${id}`],
    request: id,
    shows: 'draft',
    failed: false,
    ...more,
  }
}

function standing(pending: readonly Pending[], more: Partial<PendingEvent> = {}): PendingEvent {
  const images = ['about', ...pending.map(({ id }) => id)]
  const total = pending.reduce((sum, { credits }) => sum + (credits ?? 0), 0)
  return {
    type: 'pending',
    pending,
    total,
    today: 21,
    spent: 0,
    limit: null,
    images,
    open: [],
    problems: [],
    notes: [],
    ...more,
  }
}

/** The keys of a text. */
function typed(text: string): readonly string[] {
  return text.split('')
}

/** Presses keys one after the other; what was wanted, and what the foot shows in the end. */
function press(
  keys: readonly string[],
  options: { readonly free?: boolean; readonly event?: PendingEvent } = {},
): { readonly wishes: readonly Wish[]; readonly view: WatchView; readonly shown: string } {
  let view = viewAfter(NEW_VIEW, options.event ?? STANDING, 0)
  const wishes: Wish[] = []
  for (const key of keys) {
    const next = pressed(view, key, options.free ?? false)
    view = next.view
    if (next.wish) wishes.push(next.wish)
  }
  return { wishes, view, shown: foot(view, TERMS, SCREEN).join('\n') }
}

describe('the foot of a watch', () => {
  it('lists what is pending with number, price, reason and what shows meanwhile', () => {
    expect(press([]).shown).toBe(
      [
        '',
        '  4 pictures to buy for 84 credits   spent today: 21 credits',
        '  1  home/hero             21  prompt changed  keeps its picture',
        '  2  shop/mug-teal   42 for 2  new image       stand-in for now',
        '  3  shop/mug-white        21  new image       failed; try again?',
        '',
        '  b buy all   1–3 buy one   / buy by name   r reroll   u gallery   q quit',
      ].join('\n'),
    )
  })

  it('says what is known of the price when some of it is not', () => {
    const some = standing([hero, entry('a', { credits: null })], { total: null })
    expect(press([], { event: some }).shown).toContain('2 pictures to buy for 21 credits and 1 unknown')
    const none = standing([entry('a', { credits: null })], { total: null })
    expect(press([], { event: none }).shown).toContain('1 picture to buy for an unknown price')
  })

  it('keeps every column of the list to be seen at 80 columns, also for a long id', () => {
    const long = entry('home/about-us-and-everything-else-there-is', {
      reason: 'prompt changed',
      shows: 'bought',
    })
    const lines = foot(viewAfter(NEW_VIEW, standing([long, teal]), 0), TERMS, { ...SCREEN, columns: 80 })
    expect(lines.filter((line) => /^ {2}\d {2}/.test(line))).toEqual([
      '  1  home/about-us-and-everythin…        21  prompt changed  keeps its picture',
      '  2  shop/mug-teal                 42 for 2  new image       stand-in for now',
    ])
  })

  it('counts files once they are there, and says that they are being made before', () => {
    const buying = {
      type: 'buying',
      purchase: 'k',
      images: ['a'],
      model: 'm',
      credits: 21,
      usualSeconds: null,
    }
    const bought = { type: 'bought', purchase: 'k', images: ['a'], pictures: 1, credits: 21 }
    const encoded = { type: 'encoded', image: 'a', outputs: 4, bytes: 1, draft: false, smallest: null }
    const events = [{ type: 'planned', purchases: 1, outputs: 0 }, buying, bought, encoded]
    const counts: string[] = []
    let progress = NO_PROGRESS
    for (const event of events) {
      progress = advance(progress, event as BuildEvent, 0)
      counts.push(frame(progress, SCREEN)[0]?.replace(/^[ \u2500\u2501]+/, '') ?? '')
    }
    expect(counts).toEqual([
      '0 of 1 purchase',
      '0 of 1 purchase',
      '1 of 1 purchase, making files',
      '1 of 1 purchase, 4 files, making more',
    ])
    expect(frame({ ...NO_PROGRESS, plannedFiles: 6 }, SCREEN)[0]).toContain(' making 6 files')
  })

  it('says that everything is bought, and offers no key that does nothing', () => {
    const { shown } = press([], { event: standing([], { spent: 21, limit: 100 }) })
    expect(shown).toBe(
      [
        '',
        '  Every picture is bought   spent today: 21 credits, this session 21 of 100',
        '',
        '  r reroll   u gallery   q quit',
      ].join('\n'),
    )
  })

  it('shows nine of many, and what is open from an earlier run', () => {
    const many = Array.from({ length: 12 }, (_, at) => entry(`p${at}`))
    const { shown } = press([], { event: standing(many, { open: ['about'] }) })
    expect(shown).toContain('  9  p8 ')
    expect(shown).toContain('and 3 more: / picks by name, b takes all')
    expect(shown).toContain('about: submitted earlier and not finished; b follows it up for nothing')
  })

  it('shows a mistake with its place until it is mended', () => {
    const place = { file: 'pixelkiln.yaml', line: 5, column: 1, excerpt: '5 | oh\n    ^' }
    const problem = { code: 'manifest/syntax', message: 'It ends too soon.', place } as const
    const broken = viewAfter(viewAfter(NEW_VIEW, STANDING, 0), { type: 'broken', problems: [problem] }, 0)
    const shown = foot(broken, TERMS, SCREEN).join('\n')
    expect(shown).toContain('manifest/syntax: It ends too soon.\n    pixelkiln.yaml:5:1\n')
    expect(shown).toContain('What was made last stays.')
    expect(foot(viewAfter(broken, STANDING, 0), TERMS, SCREEN).join('\n')).not.toContain('manifest/syntax')
  })

  it('never draws a line that is wider than the terminal', () => {
    const wide = standing([
      entry('a/very/long/id/that/goes/on/and/on/for/ever/and/a/day', { reason: 'new image' }),
    ])
    const view = viewAfter(NEW_VIEW, wide, 0)
    for (const columns of [20, 40, 80])
      for (const line of foot(view, TERMS, { ...SCREEN, columns })) expect(line.length).toBeLessThan(columns)
  })
})

describe('a key', () => {
  it('that buys is asked about first, with pictures and credits; only y is a yes', () => {
    expect(press(['b']).shown).toContain('  Buy 4 pictures for 84 credits? y/N')
    expect(press(['1']).shown).toContain('  Buy 1 picture (home/hero) for 21 credits? y/N')
    expect(press(['1', 'y']).wishes).toEqual([{ do: 'buy', images: ['home/hero'] }])
    for (const no of ['n', '\r', 'b', '1', '\u001B', 'q']) expect(press(['b', no]).wishes).toEqual([])
  })

  it('buys at once where the service costs nothing', () => {
    expect(press(['2'], { free: true }).wishes).toEqual([{ do: 'buy', images: ['shop/mug-teal'] }])
  })

  it('whose price is not known says so', () => {
    const event = standing([entry('a', { credits: null })], { total: null })
    expect(press(['b'], { event }).shown).toContain('Buy 1 picture (a) at a price that is not known? y/N')
  })

  it('waits until a run is over: the keys for it are not shown and do nothing', () => {
    const flight = { images: ['home/hero'], model: 'm', count: 1, credits: 21, usualSeconds: null }
    const busy = viewAfter(
      viewAfter(NEW_VIEW, STANDING, 0),
      { type: 'buying', purchase: 'k', reason: 'prompt changed', ...flight },
      0,
    )
    for (const key of ['b', '/', '1']) expect(pressed(busy, key, true)).toEqual({ view: busy, wish: null })
    expect(foot(busy, TERMS, SCREEN).at(-1)).toBe('  r reroll   u gallery   q quit')
  })

  it('that names something else is let be', () => {
    for (const key of ['4', '0', 'x', '\u001B[A', ' '])
      expect(press([key])).toMatchObject({ wishes: [], view: { question: null } })
  })

  it('picks by numbers, parts of ids and globs, and shows what that costs before Enter', () => {
    expect(press(['/', ...typed('mug')]).shown).toContain(
      'Buy which? mug_   shop/mug-teal, shop/mug-white, 63 credits',
    )
    expect(press(['/', ...typed('shop/*'), '\r', 'y']).wishes).toEqual([
      { do: 'buy', images: ['shop/mug-teal', 'shop/mug-white'] },
    ])
    expect(press(['/', ...typed('1 3x'), '\u007F', '\r', 'y']).wishes).toEqual([
      { do: 'buy', images: ['home/hero', 'shop/mug-white'] },
    ])
    expect(press(['/', ...typed('nothing'), '\r', 'y']).wishes).toEqual([])
    expect(press(['/', ...typed('b'), '\u001B', 'q']).wishes).toEqual([{ do: 'quit' }])
  })

  it('rerolls what is named, also what is not pending, and nothing for an empty name', () => {
    expect(press(['r', ...typed('about'), '\r']).wishes).toEqual([{ do: 'reroll', images: ['about'] }])
    expect(press(['r', '\r']).wishes).toEqual([])
  })

  it('answers no question about a price or words that are other ones by now', () => {
    const asked = press(['1']).view
    const same = viewAfter(asked, standing([hero]), 0)
    const dearer = viewAfter(asked, standing([{ ...hero, credits: 22 }]), 0)
    const edited = viewAfter(asked, standing([{ ...hero, purchases: ['another'] }]), 0)
    expect([same, dearer, edited].map(({ question }) => question?.type)).toEqual([
      'sure',
      undefined,
      undefined,
    ])
  })

  it('does nothing once the watch is closing', () => {
    expect(press(['q', 'b', 'y']).wishes).toEqual([{ do: 'quit' }])
  })
})

describe('the log of a watch', () => {
  const problem = { code: 'purchase/refused', message: 'a: refused.', image: 'a' } as const

  it('tells a problem once while it lasts, and again when it comes back', () => {
    const { lines } = createSessionText()
    const trouble = standing([], { problems: [problem] })
    expect([trouble, trouble, standing([]), trouble].map((event) => lines(event).length)).toEqual([
      1, 0, 0, 1,
    ])
  })
})
