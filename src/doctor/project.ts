import { join } from 'node:path'
import type { Project } from '../build/project.ts'
import { shown } from '../build/project.ts'
import type { Config } from '../core/config.ts'
import type { Image, Manifest } from '../core/image.ts'
import { standing } from '../core/journal.ts'
import type { JournalPurchase } from '../core/journal.ts'
import { LOCK_ATTRIBUTES, LOCK_NAME } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import type { Problem } from '../core/problems.ts'
import { askGit } from '../effects/git.ts'
import { whyNotWritable } from '../effects/writable.ts'
import { count, findingOf, idList } from './finding.ts'
import type { CheckName, Finding } from './finding.ts'

/** Problems of config, manifest, lock and journal, each under the check it belongs to. */
export function problemFindings(problems: readonly Problem[]): readonly Finding[] {
  return problems.map((problem) => findingOf(checkOf(problem), problem))
}

function checkOf({ code }: Problem): CheckName {
  const area = code.slice(0, code.indexOf('/'))
  if (area === 'config' || area === 'lock' || area === 'journal') return area
  return area === 'disk' ? 'folders' : 'manifest'
}

/** What a project that can be read holds. */
export function contentFindings(read: {
  readonly config: Config
  readonly manifest: Manifest
  readonly manifestShown: string
  readonly unsupported: readonly (Problem & { readonly image: string })[]
  readonly lock: Lock
}): readonly Finding[] {
  const { config, manifest, lock, unsupported } = read
  const settings = Object.keys(config)
  const said = settings.length === 0 ? 'none; the defaults hold' : `sets ${settings.join(', ')}`
  const { images } = manifest
  const bought = images.filter((image) => hasPicture(image, lock)).length
  const drafts = images.filter(({ id }) => lock.images.get(id)?.draft).length
  return [
    { check: 'config', level: 'ok', message: said },
    {
      check: 'manifest',
      level: 'ok',
      message: `${read.manifestShown}: ${count(images.length, 'image')}, ${bought} bought${drafts === 0 ? '' : `, ${count(drafts, 'draft')}`}`,
    },
    // The model tables bind only what has still to be bought; a later build may have to buy it anew all the same.
    ...unsupported.map((problem) => {
      const image = images.find(({ id }) => id === problem.image)
      return findingOf('manifest', problem, image && hasPicture(image, lock) ? 'note' : 'error')
    }),
  ]
}

/** True when the lock holds the bought picture of an image's present words. */
export function hasPicture(image: Image, lock: Lock): boolean {
  const bought = lock.images.get(image.id)?.bought
  return bought?.request === image.requestKey || bought?.declared === image.declared
}

/** Purchases that are not settled. */
export function journalFindings(purchases: Iterable<JournalPurchase>): readonly Finding[] {
  const all = [...purchases]
  const open = all.filter((purchase) => standing(purchase) === 'open')
  const doubtful = all.filter((purchase) => standing(purchase) === 'in-doubt')
  if (open.length + doubtful.length === 0) {
    const message = all.length === 0 ? 'no purchase so far' : `${count(all.length, 'purchase')}, all settled`
    return [{ check: 'journal', level: 'ok', message }]
  }
  const found: Finding[] = []
  if (open.length > 0) {
    const images = imagesOf(open)
    found.push({
      check: 'journal',
      level: 'warning',
      message: `${count(open.length, 'purchase')} not finished: ${idList(images)}`,
      remedy: 'Run "pixelkiln resume": it follows them up and buys nothing new.',
      images,
    })
  }
  if (doubtful.length > 0) {
    const images = imagesOf(doubtful)
    found.push({
      check: 'journal',
      level: 'error',
      message: `${count(doubtful.length, 'purchase')} in doubt, perhaps charged: ${idList(images)}`,
      remedy:
        'Look at the jobs of your account, then run "pixelkiln resume --resubmit ID" to buy again, or "--forget ID" to give it up.',
      images,
    })
  }
  return found
}

function imagesOf(purchases: readonly JournalPurchase[]): readonly string[] {
  return [...new Set(purchases.flatMap(({ intended }) => intended.images))].sort()
}

/** Whether the asset folder (where it is known) and `.pixelkiln` can be written to. */
export function folderFindings(
  project: Project,
  cwd: string,
  folders: { readonly out: string | null; readonly store: string },
): readonly Finding[] {
  const places = [
    ...new Set([...(folders.out === null ? [] : [folders.out]), project.stateFolder, folders.store]),
  ]
  const wrong = places.flatMap((folder): readonly Finding[] => {
    const why = whyNotWritable(folder)
    if (why === null) return []
    return [
      {
        check: 'folders',
        level: 'error',
        message: `${shown(cwd, folder)} cannot be written to: ${why}`,
        remedy: 'Mend its permissions, move what is in its way, or choose another place.',
      },
    ]
  })
  if (wrong.length > 0) return wrong
  const names = places.map((folder) => shown(cwd, folder)).join(', ')
  return [{ check: 'folders', level: 'ok', message: `${names} can be written to` }]
}

/** What git would do with bought pictures and with the lock; nothing where there is no git. */
export function gitFindings(
  project: Project,
  cwd: string,
  folders: { readonly out: string | null; readonly store: string },
): readonly Finding[] {
  if (askGit(project.folder, ['rev-parse', '--is-inside-work-tree']) === null) {
    return [
      { check: 'git', level: 'note', message: 'no git repository here, so its settings were not looked at' },
    ]
  }
  const found = [...ignoredStore(project, cwd, folders.store), ...lockAttributes(project, cwd, folders.out)]
  if (found.length > 0) return found
  return [{ check: 'git', level: 'ok', message: 'keeps the originals, and the lock with its line ends' }]
}

/** A name as the store gives them, for rules such as `*.png`. */
const SAMPLE = `00/${'0'.repeat(64)}`

function ignoredStore(project: Project, cwd: string, store: string): readonly Finding[] {
  const samples = ['png', 'jpeg', 'webp'].map((format) => join(store, `${SAMPLE}.${format}`))
  if (askGit(project.folder, ['check-ignore', '--', ...samples])?.yes !== true) return []
  return [
    {
      check: 'git',
      level: 'warning',
      message: `git ignores ${shown(cwd, store)}, where the bought originals lie: they are lost with this machine`,
      remedy:
        'Take the rule out of .gitignore and commit them (with Git LFS where they are many), or keep a backup of your own.',
    },
  ]
}

function lockAttributes(project: Project, cwd: string, out: string | null): readonly Finding[] {
  if (out === null) return []
  const lock = join(out, LOCK_NAME)
  const answer = askGit(project.folder, ['check-attr', '-z', 'eol', 'merge', '--', lock])
  if (answer === null) return []
  // Path, attribute, value, each ended by a NUL; paths may hold anything else.
  const fields = answer.out.split('\0')
  const valueOf = (name: string): string | undefined => fields[fields.indexOf(name) + 1]
  const missing = [
    ...(valueOf('eol') === 'lf' ? [] : ['eol=lf']),
    ...(valueOf('merge') === 'pixelkiln' ? [] : ['merge=pixelkiln']),
  ]
  if (missing.length === 0) return lockDriver(project)
  return [
    {
      check: 'git',
      level: 'note',
      message: `.gitattributes does not give ${shown(cwd, lock)} ${missing.join(' and ')}, so two branches that add images may conflict in it`,
      remedy: `Run "pixelkiln merge-driver --install", or add the line "${LOCK_ATTRIBUTES}" to .gitattributes.`,
    },
  ]
}

function lockDriver(project: Project): readonly Finding[] {
  const answer = askGit(project.folder, ['config', 'merge.pixelkiln.driver'])
  if (answer === null || answer.yes) return []
  return [
    {
      check: 'git',
      level: 'note',
      message: '.gitattributes names the merge driver "pixelkiln", which this clone does not know yet',
      remedy:
        'Run "pixelkiln merge-driver --install" once in every clone; until then git merges the lock as text.',
    },
  ]
}
