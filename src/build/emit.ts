import { join } from 'node:path'
import { emittedPaths } from '../core/emitted-paths.ts'
import type { Lock } from '../core/lock.ts'
import type { Problem } from '../core/problems.ts'
import { DiskError, readIfThere } from '../effects/files.ts'
import { openOutputs } from '../effects/outputs.ts'
import type { EmittedFile } from '../markup/emit/emit.ts'
import type { Reading } from './reading.ts'
import type { Session } from './session.ts'

/** Writes the data files and modules that the manifest asks for, each only when it changed and whole. */
export async function emit(session: Session, reading: Reading, lock: Lock): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  for (const { file, state } of await compare(reading, lock)) {
    if (state === 'same') continue
    if (state === 'not-ours') {
      problems.push(notOurs(file))
      continue
    }
    const written = await write(reading, file)
    if (written) problems.push(written)
    else session.onEvent({ type: 'emitted', path: file.path })
  }
  return problems
}

/** What differs from the files that a build would emit now. */
export async function staleEmitted(reading: Reading, lock: Lock): Promise<readonly Problem[]> {
  const compared = await compare(reading, lock)
  return compared.flatMap(({ file, state }): readonly Problem[] => {
    if (state === 'same') return []
    if (state === 'not-ours') return [notOurs(file)]
    const what = state === 'missing' ? 'is missing' : 'does not say what the lock says'
    const message = `${file.path} ${what}. "pixelkiln build" writes it, without buying.`
    return [{ code: 'stale/emitted', message }]
  })
}

interface Compared {
  readonly file: EmittedFile
  readonly state: 'same' | 'missing' | 'changed' | 'not-ours'
}

async function compare(reading: Reading, lock: Lock): Promise<readonly Compared[]> {
  const { manifest, project } = reading
  if (emittedPaths(manifest.emit).length === 0) return []
  const { emittedFiles } = await import('../markup/emit/emit.ts')
  const ids = manifest.images.map(({ id }) => id)
  return emittedFiles(lock, manifest.emit, ids).map((file) => {
    const there = readIfThere(join(project.folder, file.path))?.toString('utf8').replaceAll('\r\n', '\n')
    if (there === undefined) return { file, state: 'missing' }
    if (there === file.text) return { file, state: 'same' }
    return { file, state: there === '' || there.startsWith(file.mark) ? 'changed' : 'not-ours' }
  })
}

/** As the outputs are: beside its place and renamed, never through a link that leads out of the project. */
async function write(reading: Reading, file: EmittedFile): Promise<Problem | null> {
  const outputs = openOutputs(reading.project.folder, new Set([file.path]))
  try {
    const written = await outputs.write(file.path, Buffer.from(file.text))
    if (written === 'not-ours') return notOurs(file)
    if (written !== 'outside') return null
    const message = `${file.path} lies behind a link that leads out of the project, so it was not written. Give "emit" another path.`
    return { code: 'output/outside', message }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error
    return {
      code: 'disk/failed',
      message: `${error.message}. Everything else is saved; mend the disk and run again.`,
    }
  }
}

function notOurs({ path }: EmittedFile): Problem {
  const message = `${path} is in the way and was not written by pixelkiln, so it is left alone. Move it, or give "emit" another path.`
  return { code: 'output/not-ours', message }
}
