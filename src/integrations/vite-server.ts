import type { Problem } from '../core/problems.ts'
import { watch } from '../watch.ts'
import type { Watcher } from '../watch/options.ts'
import { siteError } from './site.ts'
import type { SiteOptions } from './site.ts'

/** What this asks of Vite's dev server, told by shape. */
export interface ViteServer {
  readonly environments: Readonly<Record<string, ViteEnvironment>>
  readonly config: { readonly logger: { readonly error: (text: string) => void } }
}

interface ViteEnvironment {
  readonly name: string
  readonly moduleGraph: { getModuleById(id: string): object | undefined }
  reloadModule(module: object): Promise<void>
  readonly hot: { send(message: object): void }
}

/**
 * Watches the project of a site that is served, and says when pictures are other ones. What is wrong is shown over the page and in the terminal; what was made last stays.
 */
export function watchSite(
  cwd: string,
  options: Pick<SiteOptions, 'manifest'>,
  site: { readonly server: ViteServer; readonly changed: () => void },
): Watcher {
  return watch({
    ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
    cwd,
    onEvent: (event) => {
      if (event.type === 'rebuilt') site.changed()
      if (event.type === 'broken') tell(site.server, event.problems)
    },
  })
}

/** Makes pages ask again for these modules, wherever they were loaded. */
export async function reloadModules(server: ViteServer, ids: readonly string[]): Promise<void> {
  for (const environment of Object.values(server.environments)) {
    const modules = ids.flatMap((id) => environment.moduleGraph.getModuleById(id) ?? [])
    for (const module of modules) await environment.reloadModule(module)
    // A page that was printed on the server has nothing in the browser that could be exchanged.
    if (environment.name !== 'client' && modules.length > 0) {
      reloadPages(server)
    }
  }
}

/** A page that was filled holds its pictures itself. */
export function reloadPages(server: ViteServer): void {
  server.environments['client']?.hot.send({ type: 'full-reload' })
}

function tell(server: ViteServer, problems: readonly Problem[]): void {
  const { message } = siteError(problems)
  server.config.logger.error(message)
  server.environments['client']?.hot.send({ type: 'error', err: { message, stack: '', plugin: 'pixelkiln' } })
}
