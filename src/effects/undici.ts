import { createRequire } from 'node:module'
import type undici from 'undici'

/** What of undici is used here. */
export interface Undici {
  readonly Agent: typeof undici.Agent
  /** A proxy's agent needs the whole, which is loaded when it is asked for. */
  readonly proxyAgent: () => typeof undici.EnvHttpProxyAgent
}

/**
 * undici's client alone, in a third of the time that the whole takes: with it come a fetch, streams, web sockets, caches
 * and mocks, and a dispatcher that gets between this process and its own fetch. Should it lie elsewhere one day, the whole
 * is loaded. The only file that names undici.
 */
export function loadUndici(load: (name: string) => unknown = createRequire(import.meta.url)): Undici {
  const whole = (): typeof undici => load('undici') as typeof undici
  // Types tell nothing of the files in a package; each of these is what its name says.
  const part = <Part>(file: string, inWhole: () => Part): Part => {
    try {
      return load(`undici/lib/${file}.js`) as Part
    } catch {
      return inWhole()
    }
  }
  return {
    Agent: part('dispatcher/agent', () => whole().Agent),
    proxyAgent: () => whole().EnvHttpProxyAgent,
  }
}
