import type { Lock } from '../core/lock.ts'

/** The address of a file below the asset folder: `url`, else what the manifest says, before its path. */
export function publicUrl(lock: Lock, path: string, url: string | undefined): string {
  const prefix = (url ?? lock.url ?? '').trim().replaceAll(/\s/g, encodeURIComponent)
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return prefix === '' || prefix.endsWith('/') ? `${prefix}${encoded}` : `${prefix}/${encoded}`
}
