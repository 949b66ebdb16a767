import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../core/config.ts'
import type { Problem } from '../core/problems.ts'
import { CONFIG_PLACES } from './config-places.ts'

/** The config of a project folder, checked; an empty one where there is none. Looks in that folder only. */
export async function loadConfig(
  folder: string,
): Promise<{ readonly config: Config; readonly problems: readonly Problem[] }> {
  if (!mayHaveConfig(folder)) return { config: {}, problems: [] }
  const { cosmiconfig } = await import('cosmiconfig')
  const explorer = cosmiconfig('pixelkiln', {
    searchPlaces: [...CONFIG_PLACES],
    searchStrategy: 'none',
    loaders: { '.js': importConfig, '.mjs': importConfig },
  })
  try {
    const found = await explorer.search(folder)
    if (!found || found.isEmpty === true) return { config: {}, problems: [] }
    const { checkConfig } = await import('../core/config.ts')
    return checkConfig(found.config, basename(found.filepath))
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    const message = `The config cannot be read: ${why}. Mend it, or remove it to use the defaults.`
    return { config: {}, problems: [{ code: 'config/unreadable', message }] }
  }
}

/** Most projects have none, and cosmiconfig takes longer to load than everything else that reads a manifest but yaml. */
function mayHaveConfig(folder: string): boolean {
  return CONFIG_PLACES.some((name) =>
    name === 'package.json' ? namesPixelkiln(join(folder, name)) : existsSync(join(folder, name)),
  )
}

/** One that cannot be read is cosmiconfig's to complain about. */
function namesPixelkiln(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    const own: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof own === 'object' && own !== null && 'pixelkiln' in own
  } catch {
    return true
  }
}

/** A module is loaded once in a process; an edited one is another module. */
async function importConfig(path: string): Promise<unknown> {
  const module: unknown = await import(`${pathToFileURL(path).href}?${statSync(path).mtimeMs}`)
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : module
}
