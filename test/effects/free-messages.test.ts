import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const built = new URL('../../dist/effects/free-messages.js', import.meta.url).href

/** Bytes of buffers that still lie there in a fresh process, after twenty megabytes that nobody needs any more. */
function leftBy(onTaken: string, flags: readonly string[] = []): number {
  const script = `
    import { freeMessages } from ${JSON.stringify(built)}
    const onTaken = ${onTaken}
    for (let n = 0; n < 40; n += 1) onTaken(new Uint8Array(2 ** 19).length)
    // Buffers are given back beside the work.
    const { setTimeout: wait } = await import('node:timers/promises')
    let left = Infinity
    for (let n = 0; n < 50 && left > 4e6; n += 1) {
      await wait(10)
      left = Math.min(left, process.memoryUsage().arrayBuffers)
    }
    process.stdout.write(left + ' ' + typeof globalThis.gc)`
  const { stdout } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  const [left, gc] = stdout.split(' ')
  expect(gc).toBe(flags.length > 0 ? 'function' : 'undefined')
  return Number(left)
}

it('buffers that V8 would let lie are freed, and nothing is put into the program for it', () => {
  expect(leftBy('() => undefined')).toBeGreaterThan(16e6)
  expect(leftBy('freeMessages()')).toBeLessThan(4e6)
})

it('a program that may collect already is asked to', () => {
  expect(leftBy('freeMessages()', ['--expose-gc'])).toBeLessThan(4e6)
})
