import type { Terminal } from '../cli.ts'

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  // A reader that went away (`| head`) ends the output, not the run.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
  return {
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    environment: process.env,
    cwd: process.cwd(),
    interactive: stdin.isTTY && stdout.isTTY,
    isTerminal: stdout.isTTY,
    columns: () => stdout.columns ?? 80,
    onResize: (listener) => {
      stdout.on('resize', listener)
      return () => stdout.off('resize', listener)
    },
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const reader = createInterface({ input: stdin, output: stderr })
      try {
        return await reader.question(question)
      } finally {
        reader.close()
      }
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
  }
}
