import { createInterface } from 'node:readline/promises'

/**
 * Asks a person one question and resolves with the answer's text. Ctrl-C, which the terminal keeps to itself while a
 * line is typed, counts as the interruption that it is everywhere else; that, Ctrl-D and the signal end it without an answer.
 */
export async function askPerson(
  question: string,
  { stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>,
  signal?: AbortSignal,
): Promise<string> {
  const reader = createInterface({ input: stdin, output: stderr })
  const end = new AbortController()
  const stop = (): void => end.abort()
  signal?.addEventListener('abort', stop)
  reader.on('close', stop)
  reader.on('SIGINT', () => {
    reader.close()
    // Without anybody who listens it ends the process, as it does where nothing is asked.
    if (!process.emit('SIGINT', 'SIGINT')) process.kill(process.pid, 'SIGINT')
  })
  try {
    return await reader.question(question, { signal: end.signal })
  } catch (error) {
    if (!end.signal.aborted) throw error
    stderr.write('\n')
    return ''
  } finally {
    signal?.removeEventListener('abort', stop)
    reader.close()
  }
}
