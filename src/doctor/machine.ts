import type { Encoders } from '../effects/encoders.ts'
import { TOOL } from '../tool.ts'
import type { Finding } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether this Node can run the tool: 20.19 or newer, as package.json says. `version` is like `20.20.0`. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const message = `${TOOL} on Node ${version}`
  if (major > 20 || (major === 20 && minor >= 19)) return { check: 'node', level: 'ok', message }
  const remedy = 'Install Node 20.19 or newer; it needs features that this one does not have.'
  return { check: 'node', level: 'error', message, remedy }
}

/** Whether pictures can be made at all. */
export function encodersFinding(encoders: Encoders): Finding {
  if ('missing' in encoders) {
    return {
      check: 'sharp',
      level: 'error',
      message: `sharp cannot be loaded, so no picture can be made: ${encoders.missing}`,
      remedy:
        'Run "npm install --include=optional sharp" on this machine; a node_modules folder from another system or processor does not fit.',
    }
  }
  const { sharp, libvips, broken } = encoders
  const versions = `sharp ${sharp} with libvips ${libvips}`
  if (broken.length === 0) {
    return { check: 'sharp', level: 'ok', message: `${versions}: avif, webp, jpeg and png can be made` }
  }
  return {
    check: 'sharp',
    level: 'error',
    message: `${versions} cannot make ${broken.join(', ')}`,
    remedy:
      'Reinstall sharp with its own libvips ("npm install --include=optional sharp"), or leave these formats out of "outputs".',
  }
}

/** Whether encoding may use all cores: a pool that somebody set smaller is respected. */
export function threadsFinding(cores: number, slots: number): Finding {
  const usable = `${cores} usable ${cores === 1 ? 'core' : 'cores'}, ${slots} ${slots === 1 ? 'picture' : 'pictures'} encoded at a time`
  if (slots >= cores + 1) return { check: 'threads', level: 'ok', message: usable }
  return {
    check: 'threads',
    level: 'note',
    message: `${usable}: UV_THREADPOOL_SIZE is too small, so encoding leaves cores idle`,
    remedy: `Unset UV_THREADPOOL_SIZE, or set it to ${cores + 2}.`,
  }
}

/** The proxies that the environment names: hosts only, for their addresses often hold a password. Null when there is none. */
export function proxyFinding(environment: Environment, loopback: boolean): Finding | null {
  const named = ['https_proxy', 'http_proxy'].flatMap((lower) => {
    // As the HTTP client does: the name in small letters first.
    const name = [lower, lower.toUpperCase()].find((spelling) => (environment[spelling] ?? '') !== '')
    return name === undefined ? [] : [{ name, host: proxyHost(environment[name] ?? '') }]
  })
  if (named.length === 0) return null
  const wrong = named.filter(({ host }) => host === null).map(({ name }) => name)
  if (wrong.length > 0) {
    return {
      check: 'proxy',
      level: loopback ? 'warning' : 'error',
      message: `${wrong.join(' and ')} holds no address of a proxy that can be used`,
      remedy: 'Write it like http://proxy.example:3128, or unset it.',
    }
  }
  const hosts = named.map(({ name, host }) => `${name} is ${host}`).join(', ')
  const except = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
  const exceptions = except === '' ? '' : '; NO_PROXY makes exceptions'
  const unused = loopback ? '; not used for a service on this machine' : ''
  return { check: 'proxy', level: 'note', message: `${hosts}${exceptions}${unused}` }
}

function proxyHost(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  return url !== null && /^(https?|socks5?):$/.test(url.protocol) && url.host !== '' ? url.host : null
}
