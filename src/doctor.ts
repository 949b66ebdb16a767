import { join } from 'node:path'
import type { ReadOptions } from './build/options.ts'
import { readWorld } from './build/read-world.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import type { Session } from './build/session.ts'
import { checkBaseUrl } from './core/base-url.ts'
import type { BaseUrl } from './core/base-url.ts'
import type { Config } from './core/config.ts'
import type { Manifest } from './core/image.ts'
import { emptyLock } from './core/lock.ts'
import type { Lock } from './core/lock.ts'
import { readManifest } from './core/manifest/read-manifest.ts'
import type { Problem } from './core/problems.ts'
import type { Finding } from './doctor/finding.ts'
import { findingOf } from './doctor/finding.ts'
import { encodersFinding, nodeFinding, proxyFinding, threadsFinding } from './doctor/machine.ts'
import { contentFindings, folderFindings, gitFindings, hasPicture } from './doctor/project.ts'
import { journalFindings, problemFindings } from './doctor/project.ts'
import { accountFinding, keyFindings, modelFindings } from './doctor/service.ts'
import { findApiKey } from './effects/api-key.ts'
import { loadConfig } from './effects/config.ts'
import { usableCores } from './effects/cores.ts'
import { tryEncoders } from './effects/encoders.ts'
import { readIfThere } from './effects/files.ts'
import { hasProxy } from './effects/http.ts'
import { readJournal } from './effects/journal.ts'
import { encodeEnvironment } from './effects/encode-process.ts'
import { encodeSlots } from './effects/schedule.ts'
import { createSend } from './effects/send.ts'
import { readAccount, readLiveModels } from './providers/apiframe/account.ts'
import { catalog } from './providers/catalog.ts'

export interface DoctorOptions extends Pick<
  ReadOptions,
  'cwd' | 'manifest' | 'emulator' | 'environment' | 'clock'
> {
  /** The service to ask. Default: APIFRAME_BASE_URL and APIFRAME_API_KEY. */
  readonly service?: () => Promise<{ readonly baseUrl: string; readonly apiKey: string }>
}

export interface Checkup {
  readonly findings: readonly Finding[]
  /** 0 without an error, 4 when only network and service are at fault, else 2. */
  readonly exitCode: 0 | 2 | 4
}

/**
 * Looks at everything a build stands on: machine, project, key, service. Writes nothing and buys nothing; asks the
 * service two free questions. No finding holds any of the key.
 */
export async function doctor(options: DoctorOptions = {}): Promise<Checkup> {
  const session = openSession(options)
  const { environment } = session
  const cores = usableCores()
  const encoders = await tryEncoders()
  const project = await readProject(session)
  // The emulator draws its pictures, and does not start without sharp.
  const service =
    'missing' in encoders && session.mode === 'emulator'
      ? []
      : await serviceFindings(session, project, options)
  const findings = [
    nodeFinding(process.versions.node),
    encodersFinding(encoders),
    threadsFinding(cores, encodeSlots(encodeEnvironment(environment, cores), cores)),
    ...project.findings,
    ...service,
  ]
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length === 0) return { findings, exitCode: 0 }
  return { findings, exitCode: errors.every(({ network }) => network === true) ? 4 : 2 }
}

/** As much of the project as can be read. */
interface ProjectRead {
  readonly config: Config
  /** Null when it cannot be read. */
  readonly manifest: Manifest | null
  readonly lock: Lock
  readonly findings: readonly Finding[]
}

async function readProject(session: Session): Promise<ProjectRead> {
  const { project, cwd, mode } = session
  try {
    const reading = await readWorld(project, { mode, cwd })
    const broken = 'problems' in reading
    const { config, manifest } = broken ? await readParts(session) : reading
    const lock = broken ? emptyLock(project.manifestName) : reading.lock
    const folders = {
      out: manifest === null ? null : join(project.folder, manifest.out),
      store: broken ? storeOf(session, config) : reading.store.folder,
    }
    const content = broken
      ? // The journal is looked at by itself below: a broken manifest would hide it.
        problemFindings(reading.problems.filter(({ code }) => !code.startsWith('journal/')))
      : contentFindings({ ...reading, manifestShown: project.manifestShown })
    const findings = [
      ...content,
      ...openPurchases(session),
      ...folderFindings(project, cwd, folders),
      // What the emulator delivers is play money's worth, and ignored on purpose.
      ...(mode === 'emulator' ? [] : gitFindings(project, cwd, folders)),
    ]
    return { config, manifest, lock, findings }
  } catch (error) {
    const findings = problemFindings([machineProblem(error)])
    return { config: {}, manifest: null, lock: emptyLock(project.manifestName), findings }
  }
}

/** A mistake in one part leaves the others to be looked at. */
async function readParts({
  project,
}: Session): Promise<{ readonly config: Config; readonly manifest: Manifest | null }> {
  const text = readIfThere(project.manifestPath)?.toString('utf8')
  const manifest =
    text === undefined ? null : readManifest({ file: project.manifestShown, text }, catalog).manifest
  const { config } = await loadConfig(project.folder)
  return { config, manifest }
}

function benchOf({ project, mode }: Session): string {
  return mode === 'emulator' ? join(project.stateFolder, 'emulator') : project.stateFolder
}

function storeOf(session: Session, config: Config): string {
  if (session.mode === 'emulator') return join(benchOf(session), 'originals')
  return join(session.project.folder, config.store ?? '.pixelkiln/originals')
}

function openPurchases(session: Session): readonly Finding[] {
  const journal = readJournal(join(benchOf(session), 'journal.jsonl'))
  return 'problem' in journal
    ? problemFindings([journal.problem])
    : journalFindings(journal.purchases.values())
}

async function serviceFindings(
  session: Session,
  project: ProjectRead,
  options: DoctorOptions,
): Promise<readonly Finding[]> {
  const { environment } = session
  const given = await openService(options)
  if (given && 'problem' in given) return [findingOf('account', given.problem)]
  const found = given
    ? { key: given.apiKey, from: null, notes: [] }
    : findApiKey(session.project.folder, environment)
  const base = checkBaseUrl(given?.baseUrl ?? environment['APIFRAME_BASE_URL'] ?? DEFAULT_BASE_URL)
  const used = project.manifest?.images.some(({ request }) => request.provider === 'apiframe') ?? true
  const keys = given ? [] : keyFindings(found, used)
  if ('problem' in base) return [...keys, findingOf('account', base.problem)]
  const proxy = proxyFinding(environment, base.loopback)
  const answers = await askService(session, project, { key: found.key, base })
  return [...(proxy ? [proxy] : []), ...keys, ...answers]
}

/** A service of one's own may have to be started first, and that may fail on the disk. */
async function openService({
  service,
}: DoctorOptions): Promise<
  { readonly baseUrl: string; readonly apiKey: string } | { readonly problem: Problem } | undefined
> {
  try {
    return await service?.()
  } catch (error) {
    return { problem: machineProblem(error) }
  }
}

const DEFAULT_BASE_URL = 'https://api.apiframe.ai'
/** A person waits for the answer. */
const PATIENCE_MS = 10_000

async function askService(
  session: Session,
  project: ProjectRead,
  { key, base }: { readonly key: string | null; readonly base: BaseUrl },
): Promise<readonly Finding[]> {
  const sender = createSend({
    baseUrl: base.url,
    apiKey: key ?? '',
    clock: session.clock,
    tryBudgetMs: PATIENCE_MS,
    timeoutMs: PATIENCE_MS,
    proxy: hasProxy(session.environment) && !base.loopback,
  })
  try {
    const account = key === null ? null : await readAccount(sender)
    const told = account === null ? [] : [accountFinding(account, base)]
    // Nobody there: a second wait would say the same.
    if (account?.type === 'unreachable') return told
    const known = {
      images: project.manifest?.images ?? [],
      hasPicture: (image: Manifest['images'][number]) => hasPicture(image, project.lock),
      catalog,
      prices: project.config.prices ?? {},
      base,
    }
    return [...told, ...modelFindings(await readLiveModels(sender), known)]
  } finally {
    await sender.close()
  }
}
