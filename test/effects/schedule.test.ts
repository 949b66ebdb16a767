import { describe, expect, it } from 'vitest'
import { createSchedule, encodeSlots, type Weight } from '../../src/effects/schedule.ts'

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
    await Promise.all(Array.from({ length: 20 }, async (_, size) => schedule(size, task)))
    expect(most).toBe(3)
    expect(running).toBe(0)
  })

  it('takes the largest that waits, whenever it came, and of equals the first', async () => {
    const schedule = createSchedule(1)
    const order: string[] = []
    const add = async (size: number, name: string): Promise<void> =>
      schedule(size, async () => {
        order.push(name)
        if (name === 'first') late.push(add(9, 'late and large'))
        await nextTurn()
      })
    const late: Promise<void>[] = []
    await Promise.all([add(10, 'first'), add(1, 'small'), add(5, 'a'), add(5, 'b'), add(5, 'c')])
    await Promise.all(late)
    expect(order).toEqual(['first', 'late and large', 'a', 'b', 'c', 'small'])
  })

  it('begins no heavy task beside as many as may run, and a lighter one in its place', async () => {
    const schedule = createSchedule(3, 2)
    const order: string[] = []
    const beside: string[][] = []
    const running = new Set<string>()
    const add = async (size: number, weight: Weight, turns: number): Promise<void> => {
      const name = `${weight} ${size}`
      const task = async (): Promise<void> => {
        order.push(name)
        running.add(name)
        beside.push([...running])
        for (let turn = 0; turn < turns; turn += 1) await nextTurn()
        running.delete(name)
      }
      return schedule(size, task, weight)
    }
    const heavy = [9, 8, 7, 6].map(async (size) => add(size, 'heavy', 3))
    await Promise.all([...heavy, add(1, 'light', 1), add(2, 'light', 1)])
    expect(order.slice(0, 4)).toEqual(['heavy 9', 'heavy 8', 'light 2', 'light 1'])
    expect(order.slice(4)).toEqual(['heavy 7', 'heavy 6'])
    const heavies = beside.map((names) => names.filter((name) => name.startsWith('heavy')).length)
    expect(Math.max(...heavies)).toBe(2)
  })

  it('a heavy task may begin as soon as another has ended, though all slots were taken when it came', async () => {
    const schedule = createSchedule(1, 1)
    const order: number[] = []
    const add = async (size: number, weight: Weight): Promise<void> =>
      schedule(size, async () => void order.push(size), weight)
    await Promise.all([add(3, 'heavy'), add(2, 'heavy'), add(1, 'light')])
    expect(order).toEqual([3, 2, 1])
  })

  it('gives back what the task gives, and goes on after one that fails', async () => {
    const schedule = createSchedule(1)
    const failed = schedule(1, async () => Promise.reject(new TypeError('no')))
    const thrown = schedule(1, () => {
      throw new RangeError('at once')
    })
    const done = schedule(1, async () => 42)
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

async function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
