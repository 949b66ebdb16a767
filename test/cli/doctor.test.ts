import { execFileSync } from 'node:child_process'
import { expect, it, onTestFinished } from 'vitest'
import { printLine } from '../../src/core/journal.ts'
import { doctor } from '../../src/doctor.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { encodersFinding, nodeFinding, proxyFinding, threadsFinding } from '../../src/doctor/machine.ts'
import { modelFindings } from '../../src/doctor/service.ts'
import type { FaultName } from '../../src/emulator/fault-names.ts'
import type { EmulatorOptions } from '../../src/emulator/options.ts'
import { hurryingClock } from '../support/driven-clock.ts'
import { imageOf } from '../support/manifest.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'
import { json, raw, scriptedServer } from '../support/scripted-server.ts'
import type { Step } from '../support/scripted-server.ts'
import { testCatalog } from '../support/test-catalog.ts'

const KEY = 'afk_S3cretS3cretS3cretS3cretS3cretS3cretS3cr'

const ONE = manifestOf({
  'home/hero': { prompt: 'A lighthouse at dusk', model: 'dall-e-3', alt: 'Lighthouse' },
})
const SKETCH = manifestOf({
  'home/hero': { prompt: 'A lighthouse', model: 'sketch/scene', alt: 'Lighthouse' },
})

interface Told extends Omit<Finding, 'problem'> {
  readonly problem?: { readonly code: string; readonly line?: number }
}

interface Examined {
  readonly exitCode: number
  readonly findings: readonly Told[]
  /** The findings of one check as `level` or `level code`. */
  readonly levels: (check: Finding['check']) => readonly string[]
  readonly of: (check: Finding['check']) => readonly Told[]
}

/** Runs `pixelkiln doctor` for people and as JSON, with a key unless told otherwise; neither may show any of the key. */
async function examine(
  project: Pick<TestProject, 'folder' | 'emulator'>,
  environment: Readonly<Record<string, string | undefined>> = {},
  ...words: readonly string[]
): Promise<Examined> {
  const where = {
    cwd: project.folder,
    environment: { APIFRAME_API_KEY: KEY, APIFRAME_BASE_URL: project.emulator.url, ...environment },
  }
  const plain = await runCommand(['doctor', ...words], where)
  const { exitCode, out, errors } = await runCommand(['doctor', '--json', ...words], where)
  expect(plain.exitCode).toBe(exitCode)
  expect(plain.out + plain.errors + out + errors).not.toContain('S3cret')
  const { ok, findings } = JSON.parse(out) as { readonly ok: boolean; readonly findings: readonly Told[] }
  expect(ok).toBe(exitCode === 0)
  const of = (check: Finding['check']): readonly Told[] => findings.filter((told) => told.check === check)
  const levels: Examined['levels'] = (check) =>
    of(check).map(({ level, problem }) => (problem ? `${level} ${problem.code}` : level))
  return { exitCode, findings, levels, of }
}

function git(project: Pick<TestProject, 'folder'>, ...words: readonly string[]): void {
  execFileSync('git', ['-c', 'init.defaultBranch=main', ...words], { cwd: project.folder, stdio: 'ignore' })
}

/** A service with these two answers, whatever else it is asked. */
async function serviceWith(me: Step, models: Step): Promise<{ readonly url: string }> {
  const server = await scriptedServer((response, arrival, request) =>
    (arrival.path === '/v2/me' ? me : models)(response, arrival, request),
  )
  onTestFinished(server.close)
  return server
}

const ME = json(200, { team: { credits: 100, plan: 'pro' } })

function listOf(...models: readonly object[]): Step {
  return json(200, { models })
}

/** Turns the key away and says which one it was. */
const keyEcho: Step = (response, arrival, request) => {
  const error = `Invalid API key ${arrival.headers['x-api-key'] ?? ''}`
  json(401, { error })(response, arrival, request)
}

it('finds nothing wrong with a good project, and leaves nothing behind', async () => {
  const project = await testProject(ONE)
  const before = project.files('.')
  const { exitCode, findings, of } = await examine(project)
  expect(exitCode).toBe(0)
  expect(findings.filter(({ level }) => level === 'warning' || level === 'error')).toEqual([])
  expect(of('account')[0]?.message).toContain('1000 credits')
  expect(of('key')[0]?.message).toContain('environment')
  expect(project.files('.')).toEqual(before)
  expect(project.bought()).toBe(0)
})

it('asks the emulator when told, needs no key for it, and leaves nothing behind', async () => {
  const project = await testProject(ONE)
  const before = project.files('.')
  const nowhere = { APIFRAME_API_KEY: undefined, APIFRAME_BASE_URL: 'http://127.0.0.1:9' }
  const { exitCode, levels } = await examine(project, nowhere, '--emulator')
  expect([exitCode, levels('account'), levels('models'), levels('key')]).toEqual([0, ['ok'], ['ok'], []])
  expect(project.files('.')).toEqual(before)
})

it('an emulator that cannot be started is a finding like any other', async () => {
  const project = await testProject(ONE)
  project.write('.pixelkiln/emulator', 'not a folder')
  const { exitCode, levels } = await examine(project, {}, '--emulator')
  expect([exitCode, levels('account')]).toEqual([2, ['error disk/failed']])
})

it('tells people what to do, within 100 columns', async () => {
  const project = await testProject(ONE)
  const { exitCode, out } = await runCommand(['doctor'], {
    cwd: project.folder,
    environment: { APIFRAME_BASE_URL: project.emulator.url },
  })
  expect(exitCode).toBe(2)
  expect(out).toMatch(/^ERROR +key +/m)
  expect(out).toMatch(/^ok +models +/m)
  expect(out.trimEnd().split('\n').at(-1)).toBe('1 error.')
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
})

it('Node before 20.19 is an error', () => {
  const levels = ['18.20.0', '20.18.3', '20.19.0', '22.0.0', '24.1.0'].map(
    (version) => nodeFinding(version).level,
  )
  expect(levels).toEqual(['error', 'error', 'ok', 'ok', 'ok'])
})

it('says which formats cannot be made, and when none can', () => {
  const versions = { sharp: '0.35.5', libvips: '8.18.7' }
  expect(encodersFinding({ ...versions, broken: [] }).level).toBe('ok')
  expect(encodersFinding({ ...versions, broken: ['avif'] })).toMatchObject({ level: 'error', check: 'sharp' })
  expect(encodersFinding({ ...versions, broken: ['avif'] }).message).toContain('avif')
  expect(encodersFinding({ missing: 'no binary for linux-x64' }).message).toContain('no binary for linux-x64')
})

it('a thread pool smaller than the cores need is a note that says its size', () => {
  expect(threadsFinding(2, 3).level).toBe('ok')
  const small = threadsFinding(8, 3)
  expect([small.level, small.remedy]).toEqual(['note', expect.stringContaining('to 10')])
})

it('names proxies by their host, never with user name and password', async () => {
  const proxied = { HTTPS_PROXY: 'http://someone:pa55word@proxy.example:3128', NO_PROXY: 'localhost' }
  const found = proxyFinding(proxied, false)
  expect(found?.message).toContain('HTTPS_PROXY is proxy.example:3128')
  expect(JSON.stringify(found)).not.toMatch(/someone|pa55word/)
  expect(proxyFinding({}, false)).toBeNull()
  const project = await testProject(ONE)
  const { levels, exitCode } = await examine(project, proxied)
  expect([exitCode, levels('proxy')]).toEqual([0, ['note']])
})

it('a proxy that is no address is an error, and is not repeated', () => {
  const found = proxyFinding({ https_proxy: 'someone:pa55word', HTTPS_PROXY: 'http://good.example' }, false)
  expect(found).toMatchObject({ level: 'error', message: expect.stringMatching(/^https_proxy /) as unknown })
  expect(JSON.stringify(found)).not.toContain('pa55word')
})

it('no key is an error where an image comes from the service, and a note where none does', async () => {
  const none = { APIFRAME_API_KEY: undefined }
  const bought = await examine(await testProject(ONE), none)
  expect([bought.exitCode, bought.levels('key'), bought.levels('account')]).toEqual([
    2,
    ['error service/key-missing'],
    [],
  ])
  expect(bought.levels('models')).toEqual(['ok'])
  const drawn = await examine(await testProject(SKETCH), none)
  expect([drawn.exitCode, drawn.levels('key')]).toEqual([0, ['note']])
})

it('says which file the key stands in, and that git must ignore it', async () => {
  const project = await testProject(ONE)
  git(project, 'init')
  project.write('.env.local', `APIFRAME_API_KEY=${KEY}\n`)
  const open = await examine(project, { APIFRAME_API_KEY: undefined })
  expect([open.exitCode, open.levels('key')]).toEqual([2, ['warning', 'error service/key-missing']])
  project.write('.gitignore', '.env.local\n')
  const { exitCode, levels, of } = await examine(project, { APIFRAME_API_KEY: undefined })
  expect([exitCode, levels('key')]).toEqual([0, ['ok']])
  expect(of('key')[0]?.message).toContain('.env.local')
})

it('a key of another kind is a warning before the service says anything', async () => {
  const project = await testProject(ONE)
  const { exitCode, levels } = await examine(project, { APIFRAME_API_KEY: 'S3cretOfVersionOne' })
  expect([exitCode, levels('key'), levels('account')]).toEqual([2, ['warning'], ['error service/key-wrong']])
})

it.each<[string, EmulatorOptions]>([
  ['unknown', { keys: { unknown: [KEY] } }],
  ['inactive', { keys: { inactive: [KEY] } }],
])('a key that is %s at the service is an error', async (_, options) => {
  const { exitCode, levels } = await examine(await testProject(ONE, options))
  expect([exitCode, levels('account'), levels('models')]).toEqual([2, ['error service/key-wrong'], ['ok']])
})

it('repeats neither a key that the service echoes nor the address of a person', async () => {
  const project = await testProject(ONE)
  const list = listOf({ id: 'dall-e-3' })
  const refused = await examine(project, { APIFRAME_BASE_URL: (await serviceWith(keyEcho, list)).url })
  expect(refused.levels('account')).toEqual(['error service/key-wrong'])
  const me = json(200, { user: { email: 'S3cret@example.com' }, team: null })
  const accepted = await examine(project, { APIFRAME_BASE_URL: (await serviceWith(me, list)).url })
  expect([accepted.exitCode, accepted.levels('account')]).toEqual([0, ['ok']])
})

it('an empty balance is a warning', async () => {
  const { exitCode, levels } = await examine(await testProject(ONE, { credits: 0 }))
  expect([exitCode, levels('account')]).toEqual([0, ['warning']])
})

it.each<FaultName>(['blocked', 'unavailable', 'gateway-timeout', 'reset', 'invalid-json'])(
  'a service that is %s is an error of the network, not of the key',
  async (fault) => {
    const project = await testProject(ONE, { faults: [{ fault, when: { route: 'me' } }] })
    const { findings, exitCode } = await doctor({
      cwd: project.folder,
      environment: { APIFRAME_API_KEY: KEY, APIFRAME_BASE_URL: project.emulator.url },
      clock: hurryingClock(),
    })
    const wrong = findings.filter(({ level }) => level === 'error').map(({ problem }) => problem?.code)
    expect([exitCode, wrong]).toEqual([4, ['service/unreachable']])
  },
)

it('nobody at the address is an error of the network', async () => {
  const project = await testProject(ONE)
  await project.emulator.close()
  const { findings, exitCode } = await doctor({
    cwd: project.folder,
    environment: { APIFRAME_API_KEY: KEY, APIFRAME_BASE_URL: project.emulator.url },
    clock: hurryingClock(),
  })
  expect(exitCode).toBe(4)
  expect(findings.find(({ check }) => check === 'account')?.level).toBe('error')
})

it('an address that would send the key unprotected is never asked', async () => {
  const { exitCode, levels } = await examine(await testProject(ONE), {
    APIFRAME_BASE_URL: 'http://api.example',
  })
  expect([exitCode, levels('account'), levels('models')]).toEqual([2, ['error service/base-url'], []])
})

it('names the images whose model the service does not offer any more', async () => {
  const project = await testProject(ONE)
  const { url } = await serviceWith(ME, listOf({ id: 'imagen-4' }, { id: 'dall-e-3', modality: 'video' }))
  const { exitCode, levels, of } = await examine(project, { APIFRAME_BASE_URL: url })
  expect([exitCode, levels('models')]).toEqual([2, ['error']])
  expect(of('models')[0]?.images).toEqual(['home/hero'])
})

it('a model that is gone is a warning where its pictures are bought', async () => {
  const project = await testProject(ONE)
  await project.build()
  const { url } = await serviceWith(ME, listOf({ id: 'imagen-4', modality: 'image' }))
  const { exitCode, levels, of } = await examine(project, { APIFRAME_BASE_URL: url })
  expect([exitCode, levels('models')]).toEqual([0, ['warning']])
  expect(of('models')[0]?.images).toEqual(['home/hero'])
})

it("repeats the table's own word about a model that is being retired", () => {
  const image = imageOf('hero: { prompt: A lighthouse }')
  const facts = testCatalog.models['apiframe/dall-e-3']
  if (!facts) throw new Error('the table has no dall-e-3')
  const retiring = { ...facts, retired: 'since May; use imagen-4' }
  const known = {
    images: [image],
    hasPicture: () => true,
    catalog: { ...testCatalog, models: { 'apiframe/dall-e-3': retiring } },
    prices: {},
    base: { url: 'http://127.0.0.1', origin: 'http://127.0.0.1', loopback: true },
  }
  for (const id of ['dall-e-3', 'imagen-4']) {
    const found = modelFindings({ type: 'listed', models: [{ id, most: null }] }, known)
    expect(found.at(-1)).toMatchObject({ level: 'warning', images: ['hero'] })
    expect(found.at(-1)?.message).toContain('since May; use imagen-4')
  }
})

it('a price above what is reserved is a note, until the config knows it', async () => {
  const project = await testProject(ONE)
  const { url } = await serviceWith(ME, listOf({ id: 'dall-e-3', modality: 'image', costMax: 30 }))
  const told = await examine(project, { APIFRAME_BASE_URL: url })
  expect([told.exitCode, told.levels('models')]).toEqual([0, ['ok', 'note']])
  project.write('.pixelkilnrc.json', JSON.stringify({ prices: { 'dall-e-3': 30 } }))
  expect((await examine(project, { APIFRAME_BASE_URL: url })).levels('models')).toEqual(['ok'])
})

it.each<[string, Step]>([
  ['empty', listOf()],
  ['a page of HTML', raw(200, '<html>maintenance</html>')],
  ['of another shape', json(200, ['dall-e-3'])],
])('a list of models that is %s retires nothing', async (_, models) => {
  const { url } = await serviceWith(ME, models)
  const { exitCode, levels } = await examine(await testProject(ONE), { APIFRAME_BASE_URL: url })
  expect([exitCode, levels('models')]).toEqual([4, ['error service/unreachable']])
})

it('tells the mistakes of a manifest with their places, and looks at the rest all the same', async () => {
  const project = await testProject('version: 1\nimages:\n  hero: { promt: A lighthouse }\n')
  const { exitCode, levels, of } = await examine(project)
  expect(exitCode).toBe(2)
  expect(levels('manifest')).toContain('error manifest/unknown-key')
  expect(of('manifest')[0]?.problem?.line).toBe(3)
  expect([levels('account'), levels('models'), levels('journal')]).toEqual([['ok'], ['ok'], ['ok']])
})

it('no manifest at all is an error that names the remedy', async () => {
  const project = await testProject(ONE)
  const { exitCode, levels } = await examine(project, {}, '--manifest', 'other.yaml')
  expect([exitCode, levels('manifest')]).toEqual([2, ['error manifest/missing']])
})

it('a model that the table does not know is told with its place', async () => {
  const project = await testProject(
    manifestOf({ hero: { prompt: 'A lighthouse', model: 'dall-e-9', alt: 'x' } }),
  )
  expect((await examine(project)).levels('manifest')).toContain('error image/model-unknown')
})

it('what a model cannot do is an error only for what has to be bought', async () => {
  const project = await testProject(
    manifestOf({ hero: { prompt: 'A lighthouse', model: 'dall-e-3', params: { seed: 'x' }, alt: 'x' } }),
  )
  const { exitCode, levels } = await examine(project)
  expect([exitCode, levels('manifest')]).toEqual([2, ['ok', 'error image/setting']])
})

it.each([
  ['config', '.pixelkilnrc.json', '{ "budgets": 1 }', 'config/wrong'],
  ['lock', 'images/pixelkiln.lock.json', '{ "no": "lock" }', 'lock/unreadable'],
  ['journal', '.pixelkiln/journal.jsonl', 'nonsense\nnonsense\n', 'journal/damaged'],
] as const)('a %s that cannot be read is an error', async (check, file, text, code) => {
  const project = await testProject(ONE)
  project.write(file, text)
  const { exitCode, levels } = await examine(project)
  expect([exitCode, levels(check)]).toEqual([2, [`error ${code}`]])
})

it('a broken manifest does not hide a damaged journal', async () => {
  const project = await testProject('version: 1\nimages: 5\n')
  project.write('.pixelkiln/journal.jsonl', 'nonsense\nnonsense\n')
  expect((await examine(project)).levels('journal')).toEqual(['error journal/damaged'])
})

it('a purchase under way is a warning', async () => {
  const project = await testProject(ONE)
  const line = {
    step: 'intended',
    purchase: 'p',
    at: '2026-11-24T10:00:00.000Z',
    version: 1,
    run: 'r',
    request: 'q',
    declared: 'd',
    firstTake: 1,
    count: 1,
    epoch: 0,
    provider: 'apiframe',
    revision: 'v2',
    model: 'dall-e-3',
    images: ['home/hero'],
    body: '{}',
    reserved: 21,
    origin: 'https://api.apiframe.ai',
    account: '00000000',
  } as const
  project.write('.pixelkiln/journal.jsonl', printLine(line))
  const { exitCode, levels, of } = await examine(project)
  expect([exitCode, levels('journal'), of('journal')[0]?.images]).toEqual([0, ['warning'], ['home/hero']])
})

it('a purchase in doubt is an error that names its image', async () => {
  const project = await testProject(ONE, { faults: [{ fault: 'failed-unrefunded' }] })
  await project.build()
  const { exitCode, levels, of } = await examine(project)
  expect([exitCode, levels('journal'), of('journal')[0]?.images]).toEqual([2, ['error'], ['home/hero']])
})

it('a file where a folder should be is an error', async () => {
  for (const place of ['images', '.pixelkiln']) {
    const project = await testProject(ONE)
    project.write(place, 'not a folder')
    const { exitCode, of } = await examine(project)
    expect(exitCode).toBe(2)
    expect(of('folders').map(({ level }) => level)).toContain('error')
  }
})

it.each(['.pixelkiln/', '*.png'])('git ignoring %s is a warning: originals would be lost', async (rule) => {
  const project = await testProject(ONE)
  git(project, 'init')
  await runCommand(['merge-driver', '--install'], { cwd: project.folder })
  expect((await examine(project)).levels('git')).toEqual(['ok'])
  project.write('.gitignore', `${rule}\n`)
  const { exitCode, levels } = await examine(project)
  expect([exitCode, levels('git')]).toEqual([0, ['warning']])
})

it('a store that the config puts elsewhere is asked about at its place', async () => {
  const project = await testProject(ONE)
  git(project, 'init')
  await runCommand(['merge-driver', '--install'], { cwd: project.folder })
  project.write('.pixelkilnrc.json', JSON.stringify({ store: 'pictures/bought' }))
  project.write('.gitignore', 'pictures/\n')
  const { levels, of } = await examine(project)
  expect(levels('git')).toEqual(['warning'])
  expect(of('git')[0]?.message).toContain('pictures/bought')
})

it('a lock without its line in .gitattributes is a note', async () => {
  const project = await testProject(ONE)
  git(project, 'init')
  project.write('.gitattributes', '* text eol=lf\n')
  const { exitCode, levels, of } = await examine(project)
  expect([exitCode, levels('git')]).toEqual([0, ['note']])
  expect(of('git')[0]?.message).toContain('merge=pixelkiln')
  expect(of('git')[0]?.message).not.toContain('eol=lf and')
})

it('a clone that does not know the merge driver yet is a note', async () => {
  const project = await testProject(ONE)
  git(project, 'init')
  project.write('.gitattributes', 'pixelkiln.lock.json text eol=lf merge=pixelkiln\n')
  const { exitCode, levels, of } = await examine(project)
  expect([exitCode, levels('git')]).toEqual([0, ['note']])
  expect(of('git')[0]?.remedy).toContain('merge-driver --install')
})

it('no repository is a note', async () => {
  expect((await examine(await testProject(ONE))).levels('git')).toEqual(['note'])
})
