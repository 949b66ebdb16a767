import { describe, expect, it } from 'vitest'
import { watchStep } from '../../src/core/watch-step.ts'
import type { Order, WatchAction, WatchInput, WatchState } from '../../src/core/watch-step.ts'

const order: Order = { purchases: ['a'], budget: null, by: 'person' }
const other: Order = { purchases: ['b'], budget: 10, by: 'person' }
const may: Order = { purchases: ['c'], budget: null, by: 'session' }

const idle: WatchState = { at: 'idle' }
const settling: WatchState = { at: 'settling', order: null }
const calming: WatchState = { at: 'calming', order: may }
const building: WatchState = { at: 'building', again: false, order: null }
const buying: WatchState = { at: 'buying', again: false, order: null }
const closing: WatchState = { at: 'closing' }
const closed: WatchState = { at: 'closed' }

const NOTHING: WatchAction = { do: 'nothing' }
const SAVES: WatchAction = { do: 'wait', for: 'saves' }
const BUILD: WatchAction = { do: 'build' }

type Row = readonly [input: WatchInput, next: WatchState, action: WatchAction]

const TABLE: readonly (readonly [name: string, from: WatchState, rows: readonly Row[]])[] = [
  [
    'idle',
    idle,
    [
      [{ type: 'start' }, building, BUILD],
      [{ type: 'changed' }, settling, SAVES],
      [{ type: 'quiet' }, idle, NOTHING],
      [{ type: 'rebuild' }, building, BUILD],
      [{ type: 'buy', order }, buying, { do: 'buy', order }],
      [{ type: 'done', may }, idle, NOTHING],
      [{ type: 'close' }, closed, { do: 'end' }],
    ],
  ],
  [
    'settling',
    settling,
    [
      [{ type: 'start' }, building, BUILD],
      [{ type: 'changed' }, settling, SAVES],
      [{ type: 'quiet' }, building, BUILD],
      [{ type: 'rebuild' }, building, BUILD],
      [{ type: 'buy', order }, { at: 'settling', order }, SAVES],
      [{ type: 'done', may }, settling, NOTHING],
      [{ type: 'close' }, closed, { do: 'end' }],
    ],
  ],
  [
    'settling with an order',
    { at: 'settling', order },
    [
      [{ type: 'changed' }, { at: 'settling', order }, SAVES],
      [{ type: 'quiet' }, { at: 'building', again: false, order }, BUILD],
      [{ type: 'buy', order: other }, { at: 'settling', order: { ...other, purchases: ['a', 'b'] } }, SAVES],
    ],
  ],
  [
    'calming',
    calming,
    [
      [{ type: 'start' }, building, BUILD],
      [{ type: 'changed' }, settling, SAVES],
      [{ type: 'quiet' }, buying, { do: 'buy', order: may }],
      [{ type: 'rebuild' }, building, BUILD],
      [{ type: 'buy', order }, buying, { do: 'buy', order }],
      [{ type: 'done', may: null }, calming, NOTHING],
      [{ type: 'close' }, closed, { do: 'end' }],
    ],
  ],
  [
    'building',
    building,
    [
      [{ type: 'start' }, building, NOTHING],
      [{ type: 'changed' }, { ...building, again: true }, NOTHING],
      [{ type: 'quiet' }, building, NOTHING],
      [{ type: 'rebuild' }, { ...building, again: true }, NOTHING],
      [{ type: 'buy', order }, { ...building, order }, NOTHING],
      [{ type: 'done', may: null }, idle, NOTHING],
      [{ type: 'done', may }, calming, { do: 'wait', for: 'calm' }],
      [{ type: 'close' }, closing, { do: 'stop' }],
    ],
  ],
  [
    'building, changed meanwhile',
    { ...building, again: true },
    [
      [{ type: 'changed' }, { ...building, again: true }, NOTHING],
      [{ type: 'done', may }, settling, SAVES],
    ],
  ],
  [
    'building with an order',
    { ...building, order },
    [
      [{ type: 'buy', order: other }, { ...building, order: { ...other, purchases: ['a', 'b'] } }, NOTHING],
      [{ type: 'done', may }, buying, { do: 'buy', order }],
    ],
  ],
  [
    'building with an order, changed meanwhile',
    { ...building, again: true, order },
    [[{ type: 'done', may: null }, { at: 'settling', order }, SAVES]],
  ],
  [
    'buying',
    buying,
    [
      [{ type: 'start' }, buying, NOTHING],
      [{ type: 'changed' }, { ...buying, again: true }, NOTHING],
      [{ type: 'quiet' }, buying, NOTHING],
      [{ type: 'rebuild' }, { ...buying, again: true }, NOTHING],
      [{ type: 'buy', order }, { ...buying, order }, NOTHING],
      [{ type: 'done', may: null }, building, BUILD],
      [{ type: 'close' }, closing, { do: 'stop' }],
    ],
  ],
  ['buying, changed meanwhile', { ...buying, again: true }, [[{ type: 'done', may: null }, settling, SAVES]]],
  [
    'buying with another order',
    { ...buying, order },
    [[{ type: 'done', may: null }, { ...building, order }, BUILD]],
  ],
  [
    'closing',
    closing,
    [
      [{ type: 'start' }, closing, NOTHING],
      [{ type: 'changed' }, closing, NOTHING],
      [{ type: 'quiet' }, closing, NOTHING],
      [{ type: 'rebuild' }, closing, NOTHING],
      [{ type: 'buy', order }, closing, NOTHING],
      [{ type: 'close' }, closing, NOTHING],
      [{ type: 'done', may }, closed, { do: 'end' }],
    ],
  ],
  [
    'closed',
    closed,
    [
      [{ type: 'start' }, closed, NOTHING],
      [{ type: 'changed' }, closed, NOTHING],
      [{ type: 'quiet' }, closed, NOTHING],
      [{ type: 'rebuild' }, closed, NOTHING],
      [{ type: 'buy', order }, closed, NOTHING],
      [{ type: 'done', may }, closed, NOTHING],
      [{ type: 'close' }, closed, NOTHING],
    ],
  ],
]

for (const [name, from, rows] of TABLE) {
  describe(`a watch that is ${name}`, () => {
    for (const [input, next, action] of rows) {
      const asked = input.type === 'done' && input.may ? ', and may buy' : ''
      it(`on ${input.type}${asked} is ${next.at} and does: ${action.do}`, () => {
        expect(watchStep(from, input)).toEqual([next, action])
      })
    }
  })
}

describe('a watch', () => {
  it('makes one more pass for any number of changes during a run', () => {
    const changed = { type: 'changed' } as const
    const done = { type: 'done', may: null } as const
    const did = walk({ type: 'start' }, changed, changed, changed, done, { type: 'quiet' }, done, {
      type: 'quiet',
    })
    expect(did.filter((action) => action === 'build')).toHaveLength(2)
  })

  it('never buys without an order', () => {
    const all: readonly WatchInput[] = [
      { type: 'start' },
      { type: 'changed' },
      { type: 'done', may: null },
      { type: 'quiet' },
      { type: 'rebuild' },
      { type: 'done', may: null },
      { type: 'quiet' },
      { type: 'close' },
    ]
    expect(walk(...all, ...all)).not.toContain('buy')
  })

  it.each([
    [10, 20, 30],
    [10, null, null],
    [null, 20, 20],
  ])('carries two orders that wait out as one, for up to %s and %s: %s', (one, two, budget) => {
    const [first] = watchStep(building, {
      type: 'buy',
      order: { purchases: ['a'], budget: one, by: 'person' },
    })
    const [second] = watchStep(first, { type: 'buy', order: { purchases: ['b'], budget: two, by: 'person' } })
    const [, action] = watchStep(second, { type: 'done', may: null })
    expect(action).toEqual({ do: 'buy', order: { purchases: ['a', 'b'], budget, by: 'person' } })
  })

  it('that was agreed to buy while somebody edits looks at the edit first', () => {
    const did = walk(
      { type: 'changed' },
      { type: 'buy', order },
      { type: 'quiet' },
      { type: 'done', may: null },
    )
    expect(did).toEqual(['wait', 'wait', 'build', 'buy'])
  })
})

/** What is done on each of these inputs, from idle. */
function walk(...inputs: readonly WatchInput[]): readonly string[] {
  let state: WatchState = idle
  return inputs.map((input) => {
    const [next, action] = watchStep(state, input)
    state = next
    return action.do
  })
}
