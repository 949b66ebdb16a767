import { describe, expect, it } from 'vitest'
import { expectNobodyPaidTwice } from './support/ledger.ts'
import { HELD, heldClock } from './support/held-clock.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'
import { watchRig } from './support/watch-rig.ts'

const LAMP = { a: { prompt: 'A lamp.', alt: 'Lamp' } }
const BOTH = { ...LAMP, b: { prompt: 'A mug.', alt: 'Mug' } }
const calm = HELD.calmMs

/** A manifest of pictures so low that a stand-in is drawn in a moment. */
function ribbonsOf(images: Readonly<Record<string, object>>, outputs: object = {}): string {
  const small = { formats: ['webp', 'jpeg'], widths: [64], effort: { webp: 0 }, ...outputs }
  return manifestOf(images, { defaults: { aspect: '16:1', outputs: small } })
}

/** Two images after an edit. */
function edited(prompt: string): string {
  return ribbonsOf({ a: { prompt }, b: { prompt: `${prompt} In blue.` } }, { formats: ['webp'] })
}

/** Prompts that the service was asked for, in order. */
function asked(project: TestProject): readonly string[] {
  return project.emulator.ledger().jobs.map(({ prompt }) => prompt)
}

describe('an hour of edits, one every five minutes', () => {
  const MINUTE = 60_000
  const PROMPTS = Array.from({ length: 12 }, (_, at) => `A lamp, idea ${at}.`)

  it('without consent submits nothing', async () => {
    const project = await testProject(edited('A lamp.'))
    const clock = heldClock()
    const started = clock.now()
    const { watcher, next } = watchRig(project, { clock, ...HELD })
    await next('watching')
    for (const prompt of PROMPTS) {
      project.write('pixelkiln.yaml', edited(prompt))
      await clock.quiet()
      expect((await next('pending')).total).toBe(42)
      clock.leap(5 * MINUTE)
    }
    expect(clock.now() - started).toBeGreaterThanOrEqual(60 * MINUTE)
    await watcher.close()
    expect(project.emulator.ledger().submissions).toMatchObject({ accepted: 0 })
    expect(project.exists('.pixelkiln/journal.jsonl')).toBe(false)
  })

  it('with a yes to some submits exactly those', async () => {
    const project = await testProject(edited('A lamp.'))
    const clock = heldClock()
    const { watcher, next } = watchRig(project, { clock, ...HELD })
    await next('watching')
    const agreed: string[] = []
    for (const [at, prompt] of PROMPTS.entries()) {
      project.write('pixelkiln.yaml', edited(prompt))
      await clock.quiet()
      await next('pending')
      if (at % 4 === 1) {
        agreed.push(`${prompt} In blue.`)
        watcher.buy(['b'])
        await next('pending', ({ pending }) => pending.every(({ id }) => id === 'a'))
      }
      clock.leap(5 * MINUTE)
    }
    expect(agreed).toHaveLength(3)
    expect(asked(project)).toEqual(agreed)
    expectNobodyPaidTwice(project.emulator)
  })

  it('with --buy submits what stood when nobody edited, and not what was gone by then', async () => {
    const project = await testProject(edited('A lamp.'))
    const clock = heldClock()
    const { next } = watchRig(project, { clock, ...HELD, buy: true })
    await next('watching')
    const stood: string[] = []
    for (const [at, prompt] of PROMPTS.entries()) {
      project.write('pixelkiln.yaml', edited(prompt))
      await clock.quiet()
      await next('pending')
      clock.leap(5 * MINUTE)
      if (at % 4 !== 3) continue
      await clock.quiet(calm)
      expect((await next('pending')).pending).toEqual([])
      stood.push(prompt, `${prompt} In blue.`)
    }
    expect(stood).toHaveLength(6)
    expect([...asked(project)].sort()).toEqual(stood.sort())
    expectNobodyPaidTwice(project.emulator)
  })
})

describe('buying some of what is pending', () => {
  it('brings those, and leaves the stand-ins of the others as they are', async () => {
    const project = await testProject(ribbonsOf(BOTH))
    const { watcher, next } = watchRig(project)
    await next('watching')
    const [sketchA, sketchB] = ['a', 'b'].map((id) => project.read(`images/${id}-64.webp`))
    watcher.buy(['a'])
    const { pending, today, spent } = await next('pending')
    expect([pending.map(({ id }) => id), today, spent]).toEqual([['b'], 21, 21])
    expect(project.read('images/a-64.webp')).not.toBe(sketchA)
    expect(project.read('images/b-64.webp')).toBe(sketchB)
    expect(asked(project)).toEqual(['A lamp.'])
    watcher.buy()
    expect((await next('pending')).pending).toEqual([])
    expect(project.read('images/pixelkiln.lock.json')).not.toContain('sketch')
    expect((await project.build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 0 })
  })

  it('asks nobody for ids that are not pending', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { watcher, next, count } = watchRig(project)
    await next('watching')
    watcher.buy(['b'])
    watcher.rebuild()
    await next('finished')
    expect([count('pending'), project.bought()]).toEqual([1, 0])
  })

  it('buys no words that were edited since somebody agreed', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { watcher, next } = watchRig(project)
    await next('watching')
    project.write('pixelkiln.yaml', ribbonsOf({ a: { prompt: 'A very dear lamp.' } }))
    watcher.buy(['a'])
    // Whether the order or the news of the save comes first: the words are not those that were shown.
    expect((await next('withdrawn')).images).toEqual(['a'])
    expect(project.bought()).toBe(0)
  })

  it('keeps a picture that is paid for though its words were edited while it was made', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { watcher, next, count } = watchRig(project, {
      onEvent: ({ type }) => {
        if (type === 'buying')
          for (const at of [1, 2, 3])
            project.write('pixelkiln.yaml', ribbonsOf({ a: { prompt: `Another ${at}.` } }))
      },
    })
    await next('watching')
    watcher.buy()
    await next('bought')
    const { pending } = await next('pending')
    expect(pending).toMatchObject([{ id: 'a', reason: 'prompt changed', shows: 'bought' }])
    expect([count('changed'), project.bought()]).toEqual([1, 1])
    project.write('pixelkiln.yaml', ribbonsOf(LAMP))
    expect((await next('pending')).pending).toEqual([])
    expect(project.bought()).toBe(1)
  })

  it('brings only the missing candidates when more are wanted', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    await project.build()
    const { watcher, next } = watchRig(project)
    await next('watching')
    project.write('pixelkiln.yaml', ribbonsOf({ a: { ...LAMP.a, candidates: 3 } }))
    const { pending } = await next('pending')
    expect(pending).toMatchObject([{ id: 'a', pictures: 2, credits: 42, shows: 'bought' }])
    watcher.buy(['a'])
    expect((await next('pending')).pending).toEqual([])
    expect(project.bought()).toBe(3)
  })
})

describe('what failed', () => {
  it('is not tried again by the session until its words change', async () => {
    const project = await testProject(ribbonsOf(BOTH))
    project.emulator.control.addFault({ fault: 'failed-other', when: { prompt: 'lamp' } })
    const clock = heldClock()
    const { watcher, next } = watchRig(project, { clock, ...HELD, buy: true })
    await next('watching')
    await clock.quiet(calm)
    const { pending } = await next('pending')
    expect(pending).toMatchObject([{ id: 'a', failed: true }])
    const before = project.bought()
    watcher.rebuild()
    await next('finished')
    expect(project.bought()).toBe(before)
    project.emulator.control.faults.replace([])
    project.write('pixelkiln.yaml', ribbonsOf({ ...BOTH, a: { prompt: 'A blue lamp with other words.' } }))
    await clock.quiet()
    await clock.quiet(calm)
    await next('bought', ({ images }) => images.includes('a'))
  })

  it('is tried again when a person says so', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    project.emulator.control.addFault({ fault: 'failed-other' })
    const { watcher, next } = watchRig(project)
    await next('watching')
    watcher.buy(['a'])
    expect((await next('pending')).pending).toMatchObject([{ id: 'a', failed: true }])
    project.emulator.control.faults.replace([])
    watcher.buy(['a'])
    expect((await next('pending')).pending).toEqual([])
  })

  it('by a refusal is no longer offered, and told as a problem', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    project.emulator.control.addFault({ fault: 'failed-policy' })
    const { watcher, next } = watchRig(project)
    await next('watching')
    watcher.buy(['a'])
    const { pending, problems } = await next('pending')
    expect([pending, problems.map(({ code }) => code)]).toEqual([[], ['purchase/refused']])
    expect(project.exists('images/a-64.webp')).toBe(true)
  })

  it('for want of a key is said once, and the session does not run in circles', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const clock = heldClock()
    const environment = { APIFRAME_BASE_URL: project.emulator.url }
    const { watcher, next, events } = watchRig(project, { clock, ...HELD, buy: true, environment })
    await next('watching')
    await clock.quiet(calm)
    await next('finished', ({ problems }) => problems.some(({ code }) => code === 'service/key-missing'))
    await next('pending')
    watcher.rebuild()
    await next('finished')
    const told = events.filter((event) => event.type === 'finished' && !event.ok)
    expect(told).toHaveLength(1)
  })
})

describe('the budget', () => {
  const far = { APIFRAME_BASE_URL: 'https://api.example', APIFRAME_API_KEY: 'afk_none' }

  it('of a session stops --buy in the manifest’s order, says so once, and holds over several orders', async () => {
    const project = await testProject(ribbonsOf(BOTH))
    const clock = heldClock()
    const { watcher, next, count } = watchRig(project, { clock, ...HELD, buy: true, budget: 30 })
    await next('watching')
    await clock.quiet(calm)
    const { pending, spent, limit } = await next('pending')
    expect([pending.map(({ id }) => id), spent, limit]).toEqual([['b'], 21, 30])
    watcher.rebuild()
    await next('finished')
    expect([count('held-back'), project.bought()]).toEqual([2, 1])
    watcher.buy(['b'])
    await next('finished', ({ problems }) => problems.some(({ code }) => code === 'budget/exceeded'))
    expect(project.bought()).toBe(1)
  })

  it('of the config counts for the session, and that of the day by the ledger', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    project.write('.pixelkilnrc.json', '{ "budget": { "run": 100, "day": 30 } }')
    await project.build()
    project.write('pixelkiln.yaml', ribbonsOf(BOTH))
    const { next } = watchRig(project, { ...HELD, buy: true })
    expect(await next('pending')).toMatchObject({ today: 21, limit: 100 })
    expect(await next('held-back')).toMatchObject({ why: 'day-budget', images: ['b'], limit: 30, spent: 21 })
    expect(project.bought()).toBe(1)
  })

  it('is needed by --buy where CI is set', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { next } = watchRig(project, { buy: 'with-budget' })
    expect(await next('held-back')).toMatchObject({ why: 'no-budget', images: ['a'] })
    expect(project.bought()).toBe(0)
  })

  it('is 300 credits for --buy where none was given, and none for what a person buys', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { next } = watchRig(project, { ...HELD, buy: true, environment: far })
    expect((await next('pending')).limit).toBe(300)
    const asking = watchRig(project, { environment: far })
    expect((await asking.next('pending')).limit).toBeNull()
  })

  it('holds back what has no known price', async () => {
    const project = await testProject(ribbonsOf({ a: { prompt: 'A lamp.', model: 'flux-2-pro' } }))
    const { next } = watchRig(project, { ...HELD, buy: true, environment: far })
    const { pending, total } = await next('pending')
    expect([pending[0]?.credits, total]).toEqual([null, null])
    expect(await next('held-back')).toMatchObject({ why: 'budget', images: ['a'] })
  })
})

describe('the end of a watch', () => {
  it('by its signal keeps what is in flight for the next run', async () => {
    const project = await testProject(ribbonsOf(BOTH), { latencyMs: 60_000 })
    const stop = new AbortController()
    const { watcher, next } = watchRig(project, { signal: stop.signal, graceMs: 0 })
    await next('watching')
    watcher.buy(['a'])
    await next('accepted')
    stop.abort()
    await watcher.done
    const again = watchRig(project)
    const { open, pending } = await again.next('pending')
    expect([open, pending.map(({ id }) => id), project.bought()]).toEqual([['a'], ['b'], 1])
  })

  it('leaves nothing that could wake up, and a closed one takes no orders', async () => {
    const project = await testProject(ribbonsOf(LAMP))
    const { watcher, next, events } = watchRig(project)
    await next('watching')
    await watcher.close()
    expect(events.at(-1)).toEqual({ type: 'closed' })
    watcher.buy()
    watcher.rebuild()
    await watcher.close()
    expect([events.at(-1), project.bought()]).toEqual([{ type: 'closed' }, 0])
  })
})

describe('a purchase that an earlier run left open', () => {
  it('is followed up by the next order, for nothing', async () => {
    const project = await testProject(ribbonsOf(LAMP), { latencyMs: 200 })
    const stop = new AbortController()
    const first = watchRig(project, { signal: stop.signal, graceMs: 0 })
    await first.next('watching')
    first.watcher.buy(['a'])
    await first.next('accepted')
    stop.abort()
    await first.watcher.done
    const { watcher, next } = watchRig(project)
    expect(await next('pending')).toMatchObject({ open: ['a'], pending: [] })
    watcher.buy()
    expect(await next('pending')).toMatchObject({ open: [], pending: [], problems: [] })
    expect(project.bought()).toBe(1)
  })
})

describe('a watch of the emulator', () => {
  it('keeps what the emulator delivered, and makes its files again when a quality changes', async () => {
    const project = await testProject(ribbonsOf(BOTH), { plain: false })
    const { watcher, next } = watchRig(project)
    await next('watching')
    watcher.buy(['a'])
    expect((await next('pending')).pending.map(({ id }) => id)).toEqual(['b'])
    expect(project.read('images/pixelkiln.lock.json')).toContain('"emulator"')
    const before = project.read('images/a-64.jpeg')
    project.write('pixelkiln.yaml', ribbonsOf(BOTH, { quality: 20 }))
    expect((await next('rebuilt')).images).toEqual(['a', 'b'])
    expect((await next('pending')).problems).toEqual([])
    expect(project.read('images/a-64.jpeg')).not.toBe(before)
    expect(project.read('images/pixelkiln.lock.json')).toContain('"emulator"')
    expect(project.bought()).toBe(1)
  })
})
