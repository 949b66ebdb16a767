import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts', 'node_modules/**'],
    // One less than the cores is the default: half of a machine with two.
    maxWorkers: '100%',
    // Nothing here keeps state in modules, so files may share theirs.
    isolate: false,
    // Generous, for a machine that has other things to do: these end what hangs, and assert nothing.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
