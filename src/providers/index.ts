import type { Provider } from '../core/provider.ts'

/** The provider of that name, loaded on demand; null when there is none. */
export async function loadProvider(name: string): Promise<Provider | null> {
  switch (name) {
    case 'apiframe':
      return (await import('./apiframe/index.ts')).apiframe
    case 'sketch':
      return (await import('./sketch/index.ts')).sketch
    default:
      return null
  }
}
