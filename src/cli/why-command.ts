import { openSession } from '../build/session.ts'
import { look } from '../build/look.ts'
import type { Terminal } from '../cli.ts'
import { printAspect } from '../core/aspect.ts'
import type { Image } from '../core/image.ts'
import { matchIds } from '../core/match-ids.ts'
import type { Plan } from '../core/plan.ts'
import { exitCodeOf } from '../core/problems.ts'
import type { Problem } from '../core/problems.ts'
import type { LockImage } from '../core/lock.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln why ID`: what differs, and what it would cost. */
export async function whyCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const seen = await look(openSession(readOptions(flags, terminal)))
  const id = words[0] ?? ''
  const problems =
    'problems' in seen ? seen.problems : unknownId(id, [...seen.plan.images.keys(), ...seen.plan.orphans])
  if (problems.length > 0 || 'problems' in seen) {
    for (const problem of problems) terminal.writeError(problemText(problem))
    return exitCodeOf(problems)
  }
  const { plan, reading } = seen
  const image = plan.images.get(id)
  if (!image) {
    terminal.write(
      `${id} is in the lock but no longer in the manifest. "pixelkiln prune" removes it and its files.\n`,
    )
    return 0
  }
  terminal.write(
    `${[id, ...about(image), ...state(image, plan, reading.lock.images.get(id))].join('\n  ')}\n`,
  )
  return 0
}

function unknownId(id: string, known: readonly string[]): readonly Problem[] {
  const matched = matchIds([id], known)
  return 'problem' in matched ? [matched.problem] : []
}

function about(image: Image): readonly string[] {
  const { request, recipe } = image
  const asked = request.aspect === null ? 'no shape' : request.aspect
  const crop =
    printAspect(recipe.aspect) === request.aspect ? '' : `, cropped to ${printAspect(recipe.aspect)}`
  return [
    `model    ${request.provider}/${request.model}, asked as ${asked}${crop}`,
    `prompt   ${request.prompt}`,
    ...(image.styleName ? [`style    ${image.styleName}`] : []),
    `files    ${recipe.formats.join(', ')} at ${recipe.widths.join(', ')} px`,
  ]
}

function state(image: Image, plan: Plan, entry: LockImage | undefined): readonly string[] {
  const { id } = image
  const lines: string[] = []
  const original = entry?.bought?.original
  if (original)
    lines.push(
      `original ${original.sha256.slice(0, 12)} (${original.width}×${original.height} ${original.format})`,
    )
  for (const job of plan.jobs) {
    if (job.kind === 'buy' && job.images.includes(id)) {
      const cost = job.credits === null ? 'a price that is not known' : `${job.credits} credits`
      lines.push(`to buy   ${job.reason}; ${cost}`)
      if (original) lines.push(`or keep  "pixelkiln accept ${id}": the original stands for the present words`)
    }
    if (job.kind === 'draft' && job.image === id) lines.push(`to draw  ${job.reason}`)
    if (job.kind === 'derive' && job.image === id) {
      for (const output of job.derivation.wanted) lines.push(`to make  ${output.path}: ${output.reason}`)
    }
  }
  for (const problem of plan.problems) if (problem.image === id) lines.push(`stop     ${problem.message}`)
  for (const note of plan.notes) if (note.image === id) lines.push(`note     ${note.message}`)
  if (plan.fresh.some((derivation) => derivation.image.id === id))
    lines.push('up to date; a build would do nothing for it')
  return lines
}
