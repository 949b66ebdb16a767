import { ownedPaths } from '../core/lock.ts'
import type { LockImage } from '../core/lock.ts'
import type { Problem } from '../core/problems.ts'
import { PROBLEM_EXITS } from '../core/problems.ts'
import { lockChanges } from './conclude.ts'
import type { Look } from './reading.ts'

/** What a project lacks, as problems: broken (files, lock) and pending (to be bought) have different codes. */
export function staleness(
  seen: Look,
  allow: { readonly allowDrafts?: boolean; readonly allowPending?: boolean },
): readonly Problem[] {
  const { plan } = seen
  const problems: Problem[] = []
  for (const problem of plan.problems) {
    if (PROBLEM_EXITS[problem.code] === 2 || problem.code === 'output/too-large') problems.push(problem)
    else if (problem.code.startsWith('store/')) problems.push({ ...problem, code: 'stale/output' })
    else if (allow.allowPending !== true) problems.push({ ...problem, code: 'stale/pending' })
  }
  for (const job of plan.jobs) {
    if (job.kind === 'buy') problems.push(...pending(job, seen, allow))
    if (job.kind === 'derive') {
      const first = job.derivation.wanted[0]
      const more = job.derivation.wanted.length > 1 ? ` and ${job.derivation.wanted.length - 1} more` : ''
      const message = `${job.image}: ${first?.path ?? ''}${more} (${job.reason}). "pixelkiln build" makes it, without buying.`
      problems.push({ code: 'stale/output', message, image: job.image })
    }
  }
  for (const [id, entry] of plan.kept) problems.push(...brokenFiles(id, entry, seen))
  for (const id of plan.orphans) {
    const message = `${id} is in the lock but no longer in the manifest. "pixelkiln prune" removes it and its files.`
    problems.push({ code: 'stale/orphan', message, image: id })
  }
  const quiet = problems.length === 0 && plan.jobs.length === 0
  if (quiet && lockChanges(seen)) {
    const message =
      'The lock does not say what the manifest says (alt texts or the like). "pixelkiln build" brings it up to date, without buying.'
    problems.push({ code: 'stale/lock', message })
  }
  return problems
}

function pending(
  job: { readonly images: readonly string[]; readonly reason: string; readonly credits: number | null },
  { reading }: Look,
  allow: { readonly allowDrafts?: boolean; readonly allowPending?: boolean },
): readonly Problem[] {
  const cost = job.credits === null ? 'price not known' : `${job.credits} credits`
  return job.images.flatMap((image): Problem[] => {
    const draft = reading.lock.images.get(image)?.draft
    if (draft && reading.lock.images.get(image)?.bought === null) {
      const message = `${image} has a stand-in (${draft.by}), not its picture (${cost}). "pixelkiln build" buys it.`
      return allow.allowDrafts === true || allow.allowPending === true
        ? []
        : [{ code: 'stale/draft', message, image }]
    }
    const message = `${image} is to be bought (${job.reason}; ${cost}).`
    return allow.allowPending === true ? [] : [{ code: 'stale/pending', message, image }]
  })
}

function brokenFiles(id: string, entry: LockImage, { observation }: Look): readonly Problem[] {
  const broken = ownedPaths(entry).filter((output) => {
    const fact = observation.facts.outputs.get(output.path)
    return fact?.sha256 !== output.sha256 && fact?.derivedUnder === undefined
  })
  const [first] = broken
  if (!first) return []
  const message = `${id}: ${first.path} is missing or not what the lock says${broken.length > 1 ? `, and ${broken.length - 1} more` : ''}.`
  return [{ code: 'stale/output', message, image: id }]
}
