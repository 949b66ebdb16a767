import { existsSync, writeFileSync } from 'node:fs'
import { locateProject } from '../build/project.ts'
import type { Terminal } from '../cli.ts'
import { FIRST_MANIFEST } from '../core/manifest/first-manifest.ts'
import { addLockAttributes } from '../effects/git-attributes.ts'
import { ensureStateFolder } from '../effects/state-folder.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln init`: a commented manifest and what git should know. Never overwrites. */
export async function initCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const manifest = flags.text('manifest')
  const project = locateProject({ cwd: terminal.cwd, ...(manifest === undefined ? {} : { manifest }) })
  if (existsSync(project.manifestPath)) {
    terminal.writeError(`usage/wrong: ${project.manifestShown} is already there; it was left alone.\n`)
    return 2
  }
  try {
    writeFileSync(project.manifestPath, FIRST_MANIFEST, { flag: 'wx' })
    addLockAttributes(project.folder)
    await ensureStateFolder(project.stateFolder)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    terminal.writeError(`disk/failed: ${why}. Nothing else was changed.\n`)
    return 4
  }
  terminal.write(
    `Wrote ${project.manifestShown}. Edit its prompts, then:\n\n  pixelkiln build --draft      sketches, free and offline\n  pixelkiln build --emulator   the whole road over local HTTP, free\n  pixelkiln build              the real pictures (APIFRAME_API_KEY)\n`,
  )
  return 0
}
