import type { FaultRule } from '../../src/emulator/faults.ts'
import { chance } from './chance.ts'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { subjectOf, verdictOf } from './subject.ts'
import type { Ended, Subject, Verdict } from './subject.ts'

const PICTURES = 3

/**
 * Kills runs with SIGKILL at moments that follow from the seed, up to four times a round, and lets the last one through.
 * With `resets` the service also breaks connections, before or after it has accepted a request.
 */
export async function killLoop(
  service: Service,
  options: { readonly rounds: number; readonly seed: number; readonly resets: boolean },
): Promise<Row> {
  const random = chance(options.seed)
  const verdicts: Verdict[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    await service.faults(options.resets ? resetsBy(random) : [])
    const subject = subjectOf(`kill ${round}`, PICTURES, service)
    const earlier: Ended[] = []
    const kills = 1 + Math.floor(random() * 4)
    for (let kill = 0; kill < kills; kill += 1) earlier.push(await killedRun(subject, random))
    await service.faults([])
    verdicts.push(await verdictOf(subject, { earlier }))
    subject.close()
  }
  return rowOf(options.resets ? 'kill -9 at random, and resets' : 'kill -9 at random', verdicts)
}

/** The moment counts from the first word, which comes when the plan is made, or from the start. */
async function killedRun(subject: Subject, random: () => number): Promise<Ended> {
  const run = subject.start(['build', '--json'])
  const fromStart = random() < 0.2
  if (!fromStart) await run.spoke
  const delayMs = random() * (fromStart ? 1_000 : 500)
  const timer = setTimeout(() => run.kill('SIGKILL'), delayMs)
  const ended = await run.ended
  clearTimeout(timer)
  return ended
}

function resetsBy(random: () => number): readonly FaultRule[] {
  const nth = (): number => 1 + Math.floor(random() * 4)
  return [
    { fault: 'reset', when: { nth: nth() } },
    { fault: 'reset-after', when: { nth: nth() } },
    { fault: 'reset-after', when: { route: 'job', nth: nth() } },
    { fault: 'picture-cut', when: { nth: nth() } },
  ]
}
