import { setTimeout as wait } from 'node:timers/promises'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { subjectOf, verdictOf } from './subject.ts'

/** Starts many runs of one project at the same moment: each picture is bought once, and every run ends well. */
export async function crowd(service: Service, runs: number): Promise<Row> {
  const subject = subjectOf('crowd', 3, service)
  const started = Array.from({ length: runs }, () => subject.start(['build', '--json']))
  const ended = await Promise.all(started.map((run) => run.ended))
  const verdict = await verdictOf(subject, { earlier: ended })
  subject.close()
  const failed = ended.filter(({ exitCode }) => exitCode !== 0)
  const wrongs = failed.map(({ exitCode, said }) => `one of the runs ended with ${exitCode}: ${said}`)
  return rowOf(`${runs} runs at once`, [{ ...verdict, wrongs: [...verdict.wrongs, ...wrongs] }])
}

/** Stops a run for a while, as a closed lid does: it keeps the project, and goes on afterwards as if nothing had been. */
export async function pause(service: Service, seconds: number): Promise<Row> {
  const subject = subjectOf('pause', 3, service)
  const stopped = subject.start(['build', '--json'])
  await stopped.spoke
  stopped.kill('SIGSTOP')
  const meanwhile = subject.start(['build', '--no-wait'])
  await wait(seconds * 1000)
  stopped.kill('SIGCONT')
  const [ended, other] = await Promise.all([stopped.ended, meanwhile.ended])
  const verdict = await verdictOf(subject, { earlier: [ended, other] })
  subject.close()
  const wrongs = [
    ...(ended.exitCode === 0 ? [] : [`the stopped run ended with ${ended.exitCode}: ${ended.said}`]),
    ...(other.exitCode === 6 ? [] : [`another run meanwhile ended with ${other.exitCode}: ${other.said}`]),
  ]
  return rowOf(`SIGSTOP for ${seconds} s`, [{ ...verdict, wrongs: [...verdict.wrongs, ...wrongs] }])
}

/** Interrupts a run while its purchases are under way, once or twice. */
export async function interrupt(service: Service, signals: readonly ('SIGINT' | 'SIGTERM')[]): Promise<Row> {
  const subject = subjectOf('interrupt', 3, service)
  const run = subject.start(['build', '--concurrency', '1'])
  await run.spoke
  for (const signal of signals) {
    run.kill(signal)
    await wait(50)
  }
  const ended = await run.ended
  const verdict = await verdictOf(subject, { earlier: [ended] })
  subject.close()
  const wrongs = [
    ...(ended.exitCode === 130 ? [] : [`the run ended with ${ended.exitCode}: ${ended.said}`]),
    ...(signals.length > 1 || ended.said.includes('run the same command again')
      ? []
      : [`it does not say how to go on: ${ended.said}`]),
  ]
  return rowOf(signals.join(', '), [{ ...verdict, wrongs: [...verdict.wrongs, ...wrongs] }])
}
