import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureStateFolder } from './state-folder.ts'

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/**
 * Opens a secret address in the person's browser; answers with what cleans up. The address goes by a file that only
 * they can read, because everybody on the machine can see the words of a command. A browser that cannot be opened is no
 * failure: the address was printed.
 */
export async function openInBrowser(url: string, folder: string): Promise<() => void> {
  await ensureStateFolder(folder)
  const file = join(folder, 'gallery-open.html')
  rmSync(file, { force: true })
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">`, { mode: 0o600 })
  const [command = 'xdg-open', ...words] = OPENERS[process.platform] ?? []
  spawn(command, [...words, file], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
  return () => rmSync(file, { force: true })
}
