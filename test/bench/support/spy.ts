import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEAK_KB } from './child-processes.ts'

/** What one run of Node loaded and took, told by itself at its end. */
export interface Seen {
  /** Modules of the tool and of packages, not Node's own; absolute. */
  readonly modules: readonly string[]
  readonly maxRssMb: number
  readonly exitCode: number | null
}

// In the process itself: ES modules by their loader's hook, CommonJS ones by its cache.
const HOOK = `import { appendFileSync } from 'node:fs'
export async function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(process.env.SPY_FILE, url + '\\n')
  return next(url, context)
}`
const SPY = `import { register } from 'node:module'
import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
register(process.env.SPY_HOOK)
process.on('exit', () => {
  for (const path of Object.keys(createRequire(import.meta.url).cache)) appendFileSync(process.env.SPY_FILE, 'file://' + path + '\\n')
  appendFileSync(process.env.SPY_FILE, 'rss ' + ${PEAK_KB} + '\\n')
})`

/** Runs Node with its module loading spied upon. The spying itself costs memory: a few MB. */
export function spy(args: readonly string[], cwd: string): Seen {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-spy-'))
  const [file, hook, preload] = ['seen', 'hook.mjs', 'spy.mjs'].map((name) => join(folder, name))
  try {
    writeFileSync(`${hook}`, HOOK)
    writeFileSync(`${preload}`, SPY)
    writeFileSync(`${file}`, '')
    const env = { ...process.env, SPY_FILE: file, SPY_HOOK: `file://${hook}` }
    const { status } = spawnSync(process.execPath, ['--import', `${preload}`, ...args], {
      cwd,
      env,
      stdio: 'ignore',
    })
    const lines = readFileSync(`${file}`, 'utf8').trim().split('\n')
    const modules = lines
      .filter((line) => line.startsWith('file://'))
      .map((line) => line.slice('file://'.length))
    const rss = Number(lines.find((line) => line.startsWith('rss '))?.slice(4))
    return {
      modules: [...new Set(modules)].filter((path) => path !== preload && path !== hook),
      maxRssMb: rss / 1024,
      exitCode: status,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
