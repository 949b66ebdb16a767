import { spawnSync } from 'node:child_process'

/**
 * Asks git something about a folder, without a shell and without the programs that a repository may name. Null when
 * there is no git, no repository, or no answer within five seconds.
 */
export function askGit(
  folder: string,
  words: readonly string[],
): { readonly yes: boolean; readonly out: string } | null {
  const { status, stdout, error } = spawnSync('git', ['-c', 'core.fsmonitor=false', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 5000,
    windowsHide: true,
  })
  // 0 is yes and 1 is no; 128 is "not a repository" and everything else that went wrong.
  return error === undefined && (status === 0 || status === 1) ? { yes: status === 0, out: stdout } : null
}
