import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const built = new URL('../../dist/effects/tight-heap.js', import.meta.url).href

/** To how many times of what it kept the heap of a fresh process grows before V8 goes through all of it again. */
function growth(before: string): number {
  const script = `
    import { constants, PerformanceObserver } from 'node:perf_hooks'
    import { setImmediate } from 'node:timers/promises'
    import { tightHeap } from ${JSON.stringify(built)}
    ${before}
    let collected = false
    const watch = new PerformanceObserver((list) => {
      collected ||= list.getEntries().some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)
    })
    globalThis.kept = Array.from({ length: 300_000 }, (_, n) => ({ n, text: 'kept ' + n }))
    gc()
    await setImmediate()
    const { heapUsed } = process.memoryUsage()
    watch.observe({ entryTypes: ['gc'] })
    while (!collected) {
      for (let n = 0; n < 10_000; n += 1) kept.push({ n, text: 'more ' + n })
      await setImmediate()
    }
    process.stdout.write(String(process.memoryUsage().heapUsed / heapUsed))`
  const flags = ['--expose-gc', '--input-type=module', '-e', script]
  return Number(spawnSync(process.execPath, flags, { encoding: 'utf8' }).stdout)
}

it('garbage is collected once the heap has grown by half, until that is called off', () => {
  const loose = growth('tightHeap()()')
  const tight = growth('tightHeap()')
  expect(tight).toBeLessThan(2.5)
  expect(loose).toBeGreaterThan(tight + 0.5)
})

/** Megabytes for what is new, in a fresh process that has made much that lives on. */
function newSpace(before: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { tightHeap } from ${JSON.stringify(built)}
    ${before}
    globalThis.kept = Array.from({ length: 300_000 }, (_, n) => ({ n, text: 'kept ' + n }))
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    process.stdout.write(String(space.space_size / 1e6))`
  return Number(
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout,
  )
}

it('what is new has no more room than at the beginning, until that is called off', () => {
  const tight = newSpace('tightHeap()')
  expect(tight).toBeLessThan(5)
  expect(newSpace('tightHeap()()')).toBeGreaterThan(2 * tight)
})
