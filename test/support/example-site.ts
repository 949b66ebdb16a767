import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MADE = new Set([
  'node_modules',
  'dist',
  'public',
  '.pixelkiln',
  '_site',
  '.next',
  'out',
  '.astro',
  '.svelte-kit',
  'build',
])

/** A copy of one of `examples/` with the framework that its lock names and pixelkiln as it would be published. */
export interface ExampleSite {
  readonly folder: string
  readonly path: (name: string) => string
  readonly write: (name: string, text: string) => void
  /** Runs one of its npm scripts; fails with what it printed. */
  readonly run: (script: string) => string
  /** Every file below a folder, relative, sorted. */
  readonly files: (name: string) => readonly string[]
  /** Type checks it with the root's compiler. */
  readonly typecheck: () => void
}

/** Installs an example in a temp folder. `node` is the lowest major version that its framework runs on. */
export function installExample(name: string, options: { readonly node?: number } = {}): ExampleSite {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-site-'))
  // A framework is up to 12,000 files; on a busy machine, to remove them takes longer than the 10 s vitest allows.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }), 120_000)
  cpSync(join(ROOT, 'examples', name), folder, {
    recursive: true,
    filter: (from) => !MADE.has(basename(from)),
  })
  forgetLink(folder)
  const environment = environmentFor(options.node ?? 20)
  const npm = (...args: readonly string[]): string => output('npm', args, { cwd: folder, env: environment })
  npm('ci', '--prefer-offline', '--no-audit', '--no-fund')
  cpSync(packedPixelkiln(), join(folder, 'node_modules/pixelkiln'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync('../pixelkiln/bin/pixelkiln.js', join(folder, 'node_modules/.bin/pixelkiln'))
  return {
    folder,
    path: (file) => join(folder, file),
    write: (file, text) => writeFileSync(join(folder, file), text),
    run: (script) => npm('run', script),
    files: (below) => filesBelow(join(folder, below)),
    typecheck: () =>
      output(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
        cwd: folder,
      }),
  }
}

/** The example links to this checkout; the copy gets a packed one instead. */
function forgetLink(folder: string): void {
  const own = readJson(join(folder, 'package.json')) as Dependant
  delete own.devDependencies['pixelkiln']
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own))
  const lock = readJson(join(folder, 'package-lock.json')) as { packages: Record<string, Dependant> }
  delete lock.packages['']?.devDependencies['pixelkiln']
  delete lock.packages['../..']
  delete lock.packages['node_modules/pixelkiln']
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
}

interface Dependant {
  readonly devDependencies: Record<string, string>
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** The packed package with its dependencies below it, made once per state of the source. */
function packedPixelkiln(): string {
  const digest = createHash('sha256')
  for (const file of ['package.json', ...filesBelow(join(ROOT, 'src')).map((path) => join('src', path))]) {
    digest.update(file).update(readFileSync(join(ROOT, file)))
  }
  const place = join(ROOT, 'node_modules/.cache/pixelkiln-packed', digest.digest('hex').slice(0, 16))
  if (existsSync(place)) return place
  const bench = mkdtempSync(join(tmpdir(), 'pixelkiln-pack-'))
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
  const said = output('npm', ['pack', '--silent', '--pack-destination', bench], { cwd: ROOT })
  const tarball = join(bench, said.trim().split('\n').at(-1) ?? '')
  output('npm', ['install', ...quiet, '--prefix', bench, tarball], { cwd: bench })
  const modules = join(bench, 'node_modules')
  const whole = join(modules, 'pixelkiln')
  mkdirSync(join(whole, 'node_modules'))
  for (const name of readdirSync(modules).filter((name) => name !== 'pixelkiln' && !name.startsWith('.'))) {
    renameSync(join(modules, name), join(whole, 'node_modules', name))
  }
  mkdirSync(dirname(place), { recursive: true })
  cpSync(whole, place, { recursive: true })
  rmSync(bench, { recursive: true })
  return place
}

/** The process's own environment without keys, with a Node that is new enough before all others. */
function environmentFor(major: number): NodeJS.ProcessEnv {
  const {
    APIFRAME_API_KEY: _key,
    NODE_OPTIONS: _options,
    VITEST: _vitest,
    NODE_ENV: _env,
    ...rest
  } = process.env
  const environment = { ...rest, CI: 'true', NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' }
  if (Number(process.versions.node.split('.')[0]) >= major) return environment
  const node = output('npx', ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath'], {
    cwd: tmpdir(),
  }).trim()
  return { ...environment, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }
}

function output(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    timeout: 280_000,
    maxBuffer: 1e8,
  })
  if (status === 0) return stdout
  const said = [stdout, stderr].map((text) => text.slice(-4000)).join('\n')
  throw new Error(`${command} ${args.join(' ')} failed:\n${said}`)
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
