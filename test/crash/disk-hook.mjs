// Loaded into a run with --import: counts what the run does to the files below one folder, and breaks the call with
// the wanted number. It stands in for the kernel where strace cannot aim: at names that are other ones each time.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const {
  CRASH_FOLDER: folder = '',
  CRASH_AT: at = '0',
  CRASH_HOW: how = 'kill',
  CRASH_LOG: log = '',
} = process.env
const wanted = Number(at)
const original = { ...fs, promises: { ...fs.promises } }
/** Paths by descriptor. @type {Map<number, string>} */
const open = new Map()
let count = 0
let broken = false

/** @param {unknown} path */
function concerns(path) {
  return typeof path === 'string' && path.startsWith(folder)
}

/**
 * Counts one call and says whether it is to break.
 * @param {string} name
 * @param {string} path
 */
function isDue(name, path) {
  count += 1
  if (log !== '') original.appendFileSync(log, `${count} ${name} ${path.slice(folder.length + 1)}\n`)
  // A full or dead disk stays so; a single error does not come again.
  const due = count === wanted || (broken && how.endsWith('+'))
  broken ||= due
  return due
}

/** @param {string} name */
function breakIt(name) {
  if (how === 'kill' || how === 'half') process.kill(process.pid, 'SIGKILL')
  const code = how.replace('+', '')
  // What frees space goes on while the disk is full.
  if (code === 'ENOSPC' && /^(rm|unlink|ftruncate|read)/.test(name)) return
  throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name })
}

/**
 * @param {'openSync' | 'mkdirSync' | 'writeFileSync' | 'appendFileSync' | 'rmSync' | 'renameSync'} name
 */
function wrapPath(name) {
  const call = /** @type {(...words: unknown[]) => unknown} */ (original[name])
  Object.assign(fs, {
    [name]: (/** @type {unknown[]} */ ...words) => {
      const path = String(words[0])
      const reads = name === 'openSync' && (words[1] === 'r' || words[1] === 0)
      // To be killed while reading, or to read from a full disk, is nothing new.
      const watched = concerns(path) && !(reads && /^(kill|half|ENOSPC)/.test(how))
      if (watched && isDue(reads ? 'read' : name, path)) {
        if (how === 'half' && name === 'writeFileSync') {
          original.writeFileSync(path, String(words[1]).slice(0, String(words[1]).length / 2))
        }
        breakIt(reads ? 'read' : name)
      }
      const result = call(...words)
      if (name === 'openSync' && concerns(path)) open.set(Number(result), path)
      return result
    },
  })
}

/** @param {'writeSync' | 'fsyncSync' | 'fdatasyncSync' | 'ftruncateSync'} name */
function wrapDescriptor(name) {
  const call = /** @type {(...words: unknown[]) => unknown} */ (original[name])
  Object.assign(fs, {
    [name]: (/** @type {unknown[]} */ ...words) => {
      const [descriptor, bytes, from, length, position] = words
      const path = open.get(Number(descriptor))
      if (path !== undefined && isDue(name, path)) {
        if (name === 'writeSync' && bytes instanceof Uint8Array && how !== 'kill') {
          original.writeSync(Number(descriptor), bytes, Number(from), Number(length) >> 1, Number(position))
        }
        breakIt(name)
      }
      return call(...words)
    },
  })
}

/**
 * What waits for the disk and lets everything else go on.
 * @param {'fsync' | 'fdatasync'} name
 */
function wrapWaiting(name) {
  const call = original[name]
  Object.assign(fs, {
    [name]: (/** @type {number} */ descriptor, /** @type {(error: unknown) => void} */ done) => {
      const path = open.get(descriptor)
      try {
        if (path !== undefined && isDue(name, path)) breakIt(name)
      } catch (error) {
        setImmediate(done, error)
        return
      }
      call(descriptor, done)
    },
  })
}

for (const name of /** @type {const} */ ([
  'openSync',
  'mkdirSync',
  'writeFileSync',
  'appendFileSync',
  'rmSync',
  'renameSync',
])) {
  wrapPath(name)
}
for (const name of /** @type {const} */ (['writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'])) {
  wrapDescriptor(name)
}
for (const name of /** @type {const} */ (['fsync', 'fdatasync'])) wrapWaiting(name)

Object.assign(fs.promises, {
  /** @type {typeof fs.promises.open} */
  open: async (path, ...more) => {
    if (!concerns(path)) return original.promises.open(path, ...more)
    if (isDue('open', String(path))) breakIt('open')
    const handle = await original.promises.open(path, ...more)
    const writeFile = handle.writeFile.bind(handle)
    const sync = handle.sync.bind(handle)
    handle.writeFile = async (bytes, options) => {
      if (isDue('write', String(path))) {
        if (how !== 'kill') await writeFile(bytes.slice(0, Math.floor(bytes.length / 2)), options)
        breakIt('write')
      }
      return writeFile(bytes, options)
    }
    handle.sync = async () => {
      if (isDue('fsync', String(path))) breakIt('fsync')
      return sync()
    }
    return handle
  },
  /** @type {typeof fs.promises.rename} */
  rename: async (from, to) => {
    if (concerns(to) && isDue('rename', String(to))) breakIt('rename')
    return original.promises.rename(from, to)
  },
  /** @type {typeof fs.promises.rm} */
  rm: async (path, options) => {
    if (concerns(path) && isDue('rm', String(path))) breakIt('rm')
    return original.promises.rm(path, options)
  },
})
syncBuiltinESMExports()
