import type { Site } from './site.ts'
import type { ViteServer } from './vite-server.ts'

/** What this asks of Vite's config, told by shape. */
export interface ViteConfig {
  readonly root: string
  readonly base: string
  /** Absolute; empty for none. */
  readonly publicDir: string
  readonly command: 'build' | 'serve'
}

/** A file as Vite takes it to be copied. */
export interface Asset {
  readonly type: 'asset'
  readonly name: string
  readonly source: Uint8Array
}

/** What Vite asks of a plugin, told by shape, so that Vite itself is no dependency. */
export interface VitePlugin {
  readonly name: string
  /** The site as it was read last; null before the first build. */
  readonly api: { readonly latest: () => Site | null }
  readonly configResolved: (config: ViteConfig) => void
  readonly configureServer: (server: ViteServer) => void
  readonly buildStart: (this: { readonly addWatchFile: (path: string) => void }) => Promise<void>
  readonly resolveId: (source: string) => string | null
  readonly load: (this: { emitFile(file: Asset): string }, id: string) => Promise<string | null>
  readonly transformIndexHtml: {
    readonly order: 'pre'
    readonly handler: (html: string, page: { readonly path: string }) => Promise<string>
  }
  readonly writeBundle: (output: { readonly dir?: string | undefined }) => Promise<void>
  readonly closeBundle: () => Promise<void>
}
