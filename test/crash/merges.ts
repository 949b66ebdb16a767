import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Lock } from '../../src/core/lock.ts'
import { readLock } from '../../src/core/read-lock.ts'
import { KEY } from '../support/planted-key.ts'
import { runCommand } from '../support/run-command.ts'
import { chance } from './chance.ts'
import { COMMAND, ROOT } from './root.ts'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import type { Verdict } from './subject.ts'

const LOCK = 'images/pixelkiln.lock.json'
const IGNORED = 'node_modules\n/images/*\n!/images/pixelkiln.lock.json\n'

/** The words of each image, and how often it was asked anew: all that two people change here. */
type Words = Readonly<Record<string, { readonly words: string; readonly reroll: number }>>

/** One person's clone: where git stands and where the site does, which has the package installed. */
interface Clone {
  readonly top: string
  readonly site: string
}

/**
 * Two people change, add, take out and buy pictures at random, each in a clone of their own, and merge each other's work
 * with git. Both must come to the same lock, with every picture in it that either had bought and neither let go, and
 * whatever words of either come back must buy nothing. In every second round the site is in a subfolder.
 */
export async function merges(
  service: Service,
  options: { readonly rounds: number; readonly seed: number },
): Promise<Row> {
  const random = chance(options.seed)
  const verdicts: Verdict[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    verdicts.push(await oneMerge(service, { random, below: round % 2 === 0 ? '' : "our 100% site's" }))
  }
  return rowOf('git merge of two clones', verdicts)
}

async function oneMerge(
  service: Service,
  { random, below }: { readonly random: () => number; readonly below: string },
): Promise<Verdict> {
  const root = mkdtempSync(join(tmpdir(), 'pixelkiln-merge-'))
  const build = builderOf(service, basename(root))
  const [one, other] = [cloneAt(root, 'one', below), cloneAt(root, 'other', below)]
  const begun = changed({}, random)
  git(one, 'init', '--initial-branch=main')
  mkdirSync(one.site, { recursive: true })
  writeFileSync(join(one.site, '.gitignore'), IGNORED)
  install(one)
  await build(one, begun)
  commit(one, 'begin')
  git(other, 'clone', '-q', one.top, '.')
  install(other)
  const [mine, yours] = [changed(begun, random), changed(begun, random)]
  await build(one, mine)
  await build(other, yours)
  commit(one, 'one')
  commit(other, 'other')
  const base = lockIn(git(one, 'show', `HEAD~1:./${LOCK}`))
  const sides = [one, other].map((clone) => lockIn(lockText(clone)))
  git(one, 'fetch', '-q', other.top, 'main')
  git(other, 'fetch', '-q', one.top, 'main')
  const wrongs = [...mergeFetched(one), ...mergeFetched(other)]
  if (lockText(one) !== lockText(other)) wrongs.push('the two merges came to different locks')
  const lost = lostOf(base, sides, lockIn(lockText(one)))
  wrongs.push(...lost.map((picture) => `the merged lock has lost ${picture}`))
  const needed = await boughtBy(service, root)
  commit(one, 'merged')
  const fresh = cloneAt(root, 'fresh', below)
  git(fresh, 'clone', '-q', one.top, '.')
  const startedMs = performance.now()
  const first = await build(fresh, mine)
  const recoveryMs = performance.now() - startedMs
  for (const words of [yours, begun, mine]) await build(fresh, words)
  const charged = await boughtBy(service, root)
  if (charged !== needed) wrongs.push(`words that came back were paid again: ${charged - needed}`)
  rmSync(root, { recursive: true, force: true })
  return { needed, charged, lost: lost.length, inDoubt: 0, exitCode: first, recoveryMs, wrongs }
}

const IDS = ['p1', 'p2', 'p3', 'p4', 'p5']

function changed(words: Words, random: () => number): Words {
  const [fresh, gone, again] = [0.35, 0.5, 0.65]
  const next = IDS.flatMap((id) => {
    const known = words[id]
    const chosen = { words: `${id}, one of three: ${Math.floor(random() * 3)}`, reroll: 0 }
    const luck = random()
    if (!known) return luck < 0.5 ? [[id, chosen] as const] : []
    if (luck < fresh) return [[id, chosen] as const]
    if (luck < gone) return []
    return [[id, luck < again ? { ...known, reroll: known.reroll + 1 } : known] as const]
  })
  // One that nobody touches: a manifest has images.
  return { ...Object.fromEntries(next), still: { words: 'still', reroll: 0 } }
}

type Build = (clone: Clone, words: Words) => Promise<number>

/** Builds in this process, as the command line would; what is out of the manifest goes from the lock too. */
function builderOf(service: Service, project: string): Build {
  const environment = { APIFRAME_BASE_URL: service.url, APIFRAME_API_KEY: KEY }
  return async ({ site }, words) => {
    const images = Object.entries(words).map(([id, { words: text, reroll }]) => [
      id,
      { prompt: `${project}: ${text}`, alt: id, reroll },
    ])
    const outputs = { formats: ['webp'], widths: [64], effort: { webp: 0 } }
    const manifest = {
      version: 1,
      out: 'images',
      defaults: { outputs },
      images: Object.fromEntries(images) as object,
    }
    writeFileSync(join(site, 'pixelkiln.yaml'), JSON.stringify(manifest))
    const { exitCode, errors } = await runCommand(['build', '--prune'], { cwd: site, environment })
    if (exitCode !== 0) throw new Error(`a build of two people's work ended with ${exitCode}: ${errors}`)
    return exitCode
  }
}

async function boughtBy(service: Service, root: string): Promise<number> {
  const { jobs } = await service.ledger()
  return jobs.filter(({ prompt }) => prompt.startsWith(`${basename(root)}: `)).length
}

function cloneAt(root: string, name: string, below: string): Clone {
  const top = join(root, name)
  mkdirSync(top)
  return { top, site: join(top, below) }
}

const WHO = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']

function git({ site, top }: Clone, ...words: readonly string[]): string {
  const cwd = words[0] === 'clone' || words[0] === 'init' ? top : site
  return execFileSync('git', [...WHO, ...words], { cwd, encoding: 'utf8', stdio: 'pipe' })
}

function commit(clone: Clone, message: string): void {
  git(clone, 'add', '--all', '.')
  git(clone, 'commit', '-q', '--allow-empty', '-m', message)
}

/** The package as npm lays it down, and git told of the driver as a person tells it. */
function install({ site }: Clone): void {
  mkdirSync(join(site, 'node_modules/.bin'), { recursive: true })
  symlinkSync(ROOT, join(site, 'node_modules/pixelkiln'))
  symlinkSync(COMMAND, join(site, 'node_modules/.bin/pixelkiln'))
  execFileSync('npx', ['--no-install', 'pixelkiln', 'merge-driver', '--install'], {
    cwd: site,
    stdio: 'pipe',
  })
}

/** Two manifests may conflict, which is for people; nothing else may. */
function mergeFetched(clone: Clone): readonly string[] {
  const { status, stderr } = spawnSync('git', [...WHO, 'merge', '-q', '--no-edit', 'FETCH_HEAD'], {
    cwd: clone.top,
    encoding: 'utf8',
  })
  const conflicts = git(clone, 'diff', '--name-only', '--diff-filter=U', '--relative').trim().split('\n')
  const wrongs = conflicts.filter((path) => path !== '' && path !== 'pixelkiln.yaml')
  if (status !== 0 && status !== 1) wrongs.push(`the merge itself: ${stderr}`)
  return wrongs.map((what) => `git could not merge ${what}`)
}

function lockText({ site }: Clone): string {
  return readFileSync(join(site, LOCK), 'utf8')
}

function lockIn(text: string): Lock | null {
  const read = readLock({ file: LOCK, text })
  return 'lock' in read ? read.lock : null
}

/** Pictures of either side that are not in the merged lock, but for those that a side let go. */
function lostOf(base: Lock | null, sides: readonly (Lock | null)[], merged: Lock | null): readonly string[] {
  const [before, kept] = [picturesOf(base), picturesOf(merged)]
  const brought = sides.map(picturesOf)
  return [...new Set(brought.flatMap((pictures) => [...pictures]))].filter((picture) => {
    const letGo = before.has(picture) && !brought.every((pictures) => pictures.has(picture))
    return !letGo && !kept.has(picture)
  })
}

function picturesOf(lock: Lock | null): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [id, { bought, others }] of lock?.images ?? []) {
    for (const record of [bought, ...others]) {
      if (record) names.add(`${id} ${record.request} ${record.original.sha256}`)
    }
  }
  return names
}
