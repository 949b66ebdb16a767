import { existsSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { BuildOptions } from '../../src/build/options.ts'
import { replay } from '../../src/core/journal.ts'
import type { EmulatorOptions } from '../../src/emulator/options.ts'
import { leapingClock } from './leaping-clock.ts'
import type { LeapingClock } from './leaping-clock.ts'
import { accountOf, expectNobodyPaidTwice } from './ledger.ts'
import { KEY, manifestOf, testProject } from './project.ts'
import type { Run, TestProject } from './project.ts'

/** The image that trouble is made for, and one that must not suffer from it. */
export const LAMP_AND_MUG = { a: { prompt: 'A lamp.' }, b: { prompt: 'A mug.' } }

/** A project whose money is watched, and builds that lose no time with waiting. */
export interface MoneyRig {
  readonly project: TestProject
  readonly clock: LeapingClock
  /** Builds against the emulator, or against the service at another address. */
  readonly build: (url?: string, options?: BuildOptions) => Promise<Run>
}

/** Opens a project and a clock of its own; when the test is over, whatever happened, nobody may have paid twice. */
export async function moneyRig(
  manifest: string = manifestOf(LAMP_AND_MUG),
  options: EmulatorOptions = {},
): Promise<MoneyRig> {
  const clock = leapingClock()
  const project = await testProject(manifest, { clock, ...options })
  onTestFinished(() => expectNobodyPaidTwice(project.emulator))
  return {
    project,
    clock,
    build: (url = project.emulator.url, more = {}) =>
      project.build({ clock, environment: { APIFRAME_BASE_URL: url, APIFRAME_API_KEY: KEY }, ...more }),
  }
}

/** What a run came to for the image `a`, and which images have files. */
export interface Standing {
  /** Codes of the problems, each with its image: `purchase/refused a`. */
  readonly said: readonly string[]
  readonly exit: number
  /** Charges and refunds for it so far. */
  readonly paid: readonly [number, number]
  /** Its purchases in the journal, oldest first: how each failed, or how far it is. */
  readonly journal: readonly string[]
  readonly files: readonly string[]
}

/** Says how things stand after a run. */
export function standingAfter(run: Run, { project }: MoneyRig): Standing {
  const { charges, refunds } = accountOf(project.emulator, 'lamp')
  return {
    said: run.result.problems.map(({ code, image = '-' }) => `${code} ${image}`),
    exit: run.exitCode,
    paid: [charges, refunds],
    journal: journalOf(project, 'a'),
    files: ['a', 'b'].filter((id) => project.exists(`images/${id}-64.webp`)),
  }
}

function journalOf(project: TestProject, id: string): readonly string[] {
  const file = project.path('.pixelkiln/journal.jsonl')
  if (!existsSync(file)) return []
  const replayed = replay(readFileSync(file, 'utf8'), file)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  return [...replayed.purchases.values()]
    .filter(({ intended }) => intended.images.includes(id))
    .map(({ stored, failed, job }) => {
      if (failed) return failed.class
      if (stored) return 'stored'
      return job === null ? 'intended' : 'accepted'
    })
}
