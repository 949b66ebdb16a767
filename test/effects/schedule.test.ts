import { describe, expect, it } from 'vitest'
import {
  createSchedule,
  encodeSlots,
  type Run,
  type Schedule,
  type Weight,
} from '../../src/effects/schedule.ts'

describe('the schedule', () => {
  it('never runs more tasks at once than it has slots, and uses all of them', async () => {
    const schedule = createSchedule(3)
    let running = 0
    let most = 0
    const task = async (): Promise<void> => {
      running += 1
      most = Math.max(most, running)
      await nextTurn()
      running -= 1
    }
    await schedule(async (run) => Promise.all(Array.from({ length: 20 }, async (_, size) => run(size, task))))
    expect(most).toBe(3)
    expect(running).toBe(0)
  })

  it('takes the largest of an image that waits, whenever it came, and of equals the first', async () => {
    const order: string[] = []
    await createSchedule(1)(async (run) => {
      const add = async (size: number, name: string): Promise<void> =>
        run(size, async () => {
          order.push(name)
          if (name === 'first') late.push(add(9, 'late and large'))
          await nextTurn()
        })
      const late: Promise<void>[] = []
      await Promise.all([add(10, 'first'), add(1, 'small'), add(5, 'a'), add(5, 'b'), add(5, 'c')])
      await Promise.all(late)
    })
    expect(order).toEqual(['first', 'late and large', 'a', 'b', 'c', 'small'])
  })

  it('takes the image that came first while there are as many as slots, then the largest task of all', async () => {
    const sizes = { a: [9, 8, 1], b: [7, 6, 5, 3], c: [10, 4] }
    const { order, images } = tracked(createSchedule(3, 2), sizes)
    await images
    expect(order).toEqual(['a 9', 'a 8', 'a 1', 'b 7', 'b 6', 'b 5', 'c 10', 'c 4', 'b 3'])
  })

  it('runs no more tasks than there are cores when fewer images than slots are left', async () => {
    const { most, images } = tracked(createSchedule(3, 2), { a: [4, 3, 2, 1], b: [4, 3, 2, 1] })
    await images
    expect(most()).toBe(2)
    const more = tracked(createSchedule(3, 2), { a: [2, 1], b: [2, 1], c: [2, 1] })
    await more.images
    expect(more.most()).toBe(3)
  })

  it('begins no heavy task beside as many as may run, and a lighter one in its place', async () => {
    const schedule = createSchedule(3, 2)
    const order: string[] = []
    const beside: string[][] = []
    const running = new Set<string>()
    const tasks = async (run: Run): Promise<unknown> => {
      const add = async (size: number, weight: Weight, turns: number): Promise<void> => {
        const name = `${weight} ${size}`
        const task = async (): Promise<void> => {
          order.push(name)
          running.add(name)
          beside.push([...running])
          for (let turn = 0; turn < turns; turn += 1) await nextTurn()
          running.delete(name)
        }
        return run(size, task, weight)
      }
      const heavy = [9, 8, 7, 6].map(async (size) => add(size, 'heavy', 3))
      return Promise.all([...heavy, add(1, 'light', 1), add(2, 'light', 1)])
    }
    const done = schedule(tasks)
    await Promise.all([done, nothing(schedule, done), nothing(schedule, done)])
    expect(order.slice(0, 4)).toEqual(['heavy 9', 'heavy 8', 'light 2', 'light 1'])
    expect(order.slice(4)).toEqual(['heavy 7', 'heavy 6'])
    const heavies = beside.map((names) => names.filter((name) => name.startsWith('heavy')).length)
    expect(Math.max(...heavies)).toBe(2)
  })

  it('a heavy task may begin as soon as another has ended, though all slots were taken when it came', async () => {
    const order: number[] = []
    await createSchedule(
      1,
      1,
    )(async (run) => {
      const add = async (size: number, weight: Weight): Promise<void> =>
        run(size, async () => void order.push(size), weight)
      await Promise.all([add(3, 'heavy'), add(2, 'heavy'), add(1, 'light')])
    })
    expect(order).toEqual([3, 2, 1])
  })

  it('gives back what the task gives, and goes on after one that fails', async () => {
    const schedule = createSchedule(1)
    const failed = schedule(async (run) => run(1, async () => Promise.reject(new TypeError('no'))))
    const thrown = schedule(async (run) =>
      run(1, () => {
        throw new RangeError('at once')
      }),
    )
    const done = schedule(async (run) => run(1, async () => 42))
    await expect(failed).rejects.toThrow(new TypeError('no'))
    await expect(thrown).rejects.toThrow(new RangeError('at once'))
    await expect(done).resolves.toBe(42)
  })
})

describe('the number of slots', () => {
  it('is one more than the cores, and leaves one thread of the pool alone', () => {
    expect(encodeSlots({}, 1)).toBe(2)
    expect(encodeSlots({}, 2)).toBe(3)
    expect(encodeSlots({}, 16)).toBe(3)
    expect(encodeSlots({ UV_THREADPOOL_SIZE: '17' }, 16)).toBe(16)
    expect(encodeSlots({ UV_THREADPOOL_SIZE: '64' }, 16)).toBe(17)
  })

  it('is at least one, whatever the environment says', () => {
    for (const size of ['1', '0', '-3', '', 'many']) {
      expect(encodeSlots({ UV_THREADPOOL_SIZE: size }, 8)).toBe(1)
    }
  })
})

/** Images whose tasks take a turn each, by their sizes; the order in which they began, and how many ran at once. */
function tracked(
  schedule: Schedule,
  images: Readonly<Record<string, readonly number[]>>,
): { readonly order: readonly string[]; readonly most: () => number; readonly images: Promise<unknown> } {
  const order: string[] = []
  let running = 0
  let most = 0
  const add = async (run: Run, name: string, size: number): Promise<void> =>
    run(size, async () => {
      order.push(`${name} ${size}`)
      running += 1
      most = Math.max(most, running)
      await nextTurn()
      running -= 1
    })
  const done = Object.entries(images).map(async ([name, sizes]) =>
    schedule(async (run) => Promise.all(sizes.map(async (size) => add(run, name, size)))),
  )
  return { order, most: () => most, images: Promise.all(done) }
}

/** An image in work that has nothing to run, until `ended`. */
async function nothing(schedule: Schedule, ended: Promise<unknown>): Promise<void> {
  await schedule(async () => void (await ended))
}

async function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
