import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { asDiskError, errnoOf } from './files.ts'
import { ensureStateFolder } from './state-folder.ts'

/** Who holds a project, as other runs are told. */
export interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** The project is ours until `release`, or until this process ends in whatever way. */
export interface Hold {
  readonly release: () => void
}

/**
 * Takes the project for this process. The hold is a listening socket: an abstract one on Linux, a socket file that is
 * probed on macOS, a named pipe on Windows. The kernel frees it on kill -9, and a sleeping laptop keeps it. Beside it
 * lies `owner.json`: one written on another host or container is never broken, since its socket cannot be seen from here.
 */
export async function tryHold(
  stateFolder: string,
  clock: Clock,
): Promise<Hold | { readonly holder: Holder }> {
  await ensureStateFolder(stateFolder)
  const ownerPath = ownerOf(stateFolder)
  const server = await listen(addressOf(stateFolder))
  const owner = readOwner(ownerPath)
  if (!server) return { holder: owner ?? { pid: 0, host: hostname(), since: 'just now' } }
  if (owner && owner.host !== hostIdentity()) {
    server.close()
    return { holder: owner }
  }
  const mine: Holder = { pid: process.pid, host: hostIdentity(), since: new Date(clock.now()).toISOString() }
  try {
    const rival = sign(ownerPath, mine, owner)
    if (rival) {
      server.close()
      return { holder: rival }
    }
  } catch (error) {
    server.close()
    throw asDiskError(ownerPath, error)
  }
  return {
    release: () => {
      removeQuietly(ownerPath)
      server.close()
    },
  }
}

/** Writes the note, over what a killed run of this host left; answers with who was first where somebody came meanwhile. */
function sign(path: string, mine: Holder, left: Holder | null): Holder | null {
  const text = `${JSON.stringify(mine)}\n`
  try {
    writeFileSync(path, text, { flag: left ? 'w' : 'wx' })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    const rival = readOwner(path)
    if (rival) return rival
    // A note that cannot be read is nobody's: a full disk leaves such.
    writeFileSync(path, text)
  }
  return null
}

/** False while a run is under way, and after one that was killed: its note lies there until the next one ends. */
export function lastEndedInOrder(stateFolder: string): boolean {
  return !existsSync(ownerOf(stateFolder))
}

function ownerOf(stateFolder: string): string {
  return join(stateFolder, 'owner.json')
}

/** On a disk that takes nothing any more the note stays; the next run of this host writes its own over it. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The kernel frees the hold itself.
  }
}

/** The host as locks see it: name and network namespace, because a container shares folders but not sockets. */
function hostIdentity(): string {
  if (process.platform !== 'linux') return hostname()
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/net')}`
  } catch {
    return hostname()
  }
}

function addressOf(stateFolder: string): string {
  const name = `pixelkiln-${createHash('sha256').update(realpathSync(stateFolder)).digest('hex').slice(0, 24)}`
  if (process.platform === 'linux') return `\0${name}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  return join(tmpdir(), `${name}.sock`)
}

async function listen(address: string): Promise<Server | null> {
  const server = await tryListen(address)
  if (server || process.platform === 'linux' || process.platform === 'win32') return server
  // A socket file outlives a killed owner: nobody answers on it, so it may go.
  if (await answers(address)) return null
  rmSync(address, { force: true })
  return tryListen(address)
}

function tryListen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      if (errnoOf(error) === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(address, () => {
      server.unref()
      resolve(server)
    })
  })
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function readOwner(path: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value !== 'object' || value === null) return null
    const { pid, host, since } = value as { pid?: unknown; host?: unknown; since?: unknown }
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return null
    return { pid, host, since }
  } catch {
    return null
  }
}
