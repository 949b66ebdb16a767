import type { Terminal } from '../cli.ts'
import { BuildError } from '../core/build-error.ts'
import type { Plan } from '../core/plan.ts'
import { exitCodeOf } from '../core/problems.ts'
import { plan } from '../plan.ts'
import { flat } from '../reporters/json.ts'
import { noteLines } from '../reporters/note-lines.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln plan`: what would be done and why. Exit 0 also with work to do; what stops a build stops a plan. */
export async function planCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  try {
    const { plan: made } = await plan(readOptions(flags, terminal))
    if (!made) return 0
    if (flags.on('json')) terminal.write(planJson(made))
    else {
      for (const problem of made.problems) terminal.writeError(`${problemText(problem)}\n`)
      terminal.write(planText(made, flags))
    }
    return exitCodeOf(made.problems)
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    if (flags.on('json')) terminal.write(failedJson(error))
    else for (const problem of error.problems) terminal.writeError(problemText(problem))
    return error.exitCode
  }
}

/** A number and its noun. */
function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

function planText(plan: Plan, flags: Flags): string {
  const lines: string[] = []
  for (const job of plan.jobs) {
    if (job.kind === 'buy') {
      const credits = job.credits === null ? 'price not known' : count(job.credits, 'credit')
      const many = job.count > 1 ? `, ${job.count} pictures` : ''
      lines.push(
        `  buy    ${job.images.join(', ')}  ${job.request.model}, ${credits}${many}  (${job.reason})`,
      )
    } else if (job.kind === 'draft') lines.push(`  draw   ${job.image}  (${job.reason})`)
    else {
      const copies = job.derivation.wanted.filter((output) => output.copyOf !== null).length
      const files = count(job.derivation.wanted.length, 'file')
      lines.push(`  ${copies > 0 ? 'copy ' : 'make '}  ${job.image}  ${files}  (${job.reason})`)
    }
  }
  lines.push(...noteLines(plan.notes))
  const buys = plan.jobs.filter((job) => job.kind === 'buy')
  const pictures = buys.reduce((sum, job) => sum + job.count, 0)
  const credits =
    plan.credits === null ? 'at a price that is not known' : `for ${count(plan.credits, 'credit')}`
  const fresh = `${count(plan.fresh.length, 'image')} up to date`
  const stopped =
    plan.problems.length === 0 ? '' : `, ${count(plan.problems.length, 'problem')} to be settled first`
  const work = buys.length === 0 ? 'nothing to buy' : `${count(pictures, 'picture')} to buy ${credits}`
  const next = plan.jobs.length > 0 && !flags.on('draft') ? '\nRun "pixelkiln build" to do it.' : ''
  return `${lines.join('\n')}${lines.length > 0 ? '\n\n' : ''}${work}, ${fresh}${stopped}.${next}\n`
}

/** One job a line, then `finished`, as the design of `--json` says. */
function planJson(plan: Plan): string {
  const jobs = plan.jobs.map((job) => {
    const { kind, reason } = job
    if (job.kind === 'buy') {
      const { images, request, credits, firstTake, requestKey } = job
      const model = `${request.provider}/${request.model}`
      return { type: 'job', kind, images, model, count: job.count, firstTake, credits, requestKey, reason }
    }
    if (job.kind === 'draft') return { type: 'job', kind, images: [job.image], reason }
    const outputs = job.derivation.wanted.map(({ path, copyOf, reason: why }) => ({
      path,
      copyOf,
      reason: why,
    }))
    return { type: 'job', kind, images: [job.image], outputs, reason }
  })
  const problems = plan.problems.map(flat)
  const notes = plan.notes.map(flat)
  const finished = {
    type: 'finished',
    ok: plan.problems.length === 0,
    bought: 0,
    credits: plan.credits,
    encoded: 0,
    fresh: plan.fresh.length,
    problems,
    notes,
  }
  return `${[...jobs, finished].map((line) => JSON.stringify(line)).join('\n')}\n`
}

function failedJson(error: BuildError): string {
  const problems = error.problems.map(flat)
  return `${JSON.stringify({ type: 'finished', ok: false, bought: 0, credits: 0, encoded: 0, fresh: 0, problems })}\n`
}
