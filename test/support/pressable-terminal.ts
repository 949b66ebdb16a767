import type { Terminal } from '../../src/cli.ts'
import { KEY } from './project.ts'
import type { TestProject } from './project.ts'

/** A terminal in which somebody can press keys and Ctrl-C, and what it said. */
export interface PressableTerminal {
  readonly terminal: Terminal
  readonly said: () => string
  readonly press: (key: string) => void
  readonly interrupt: () => void
}

/** Buys from the project's own service; without `interactive` it takes no keys. */
export function pressableTerminal(
  project: TestProject,
  { interactive = false }: { readonly interactive?: boolean } = {},
): PressableTerminal {
  let said = ''
  let interrupt: (() => void) | null = null
  let press: ((key: string) => void) | null = null
  const write = (text: string): void => {
    said += text
  }
  return {
    said: () => said,
    interrupt: () => interrupt?.(),
    press: (key) => press?.(key),
    terminal: {
      write,
      writeError: write,
      environment: { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY },
      cwd: project.folder,
      interactive,
      isTerminal: interactive,
      columns: () => 100,
      onResize: () => () => undefined,
      ask: async () => Promise.resolve(''),
      onKey: async (listener) => {
        press = listener
        return Promise.resolve(() => undefined)
      },
      onInterrupt: (listener) => {
        interrupt = listener
        return () => undefined
      },
    },
  }
}
