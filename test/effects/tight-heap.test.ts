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
