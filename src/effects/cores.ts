import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, posix } from 'node:path'

/**
 * Whole cores this process may keep busy, at least one. A container's CPU quota counts (cgroup v2 and v1), its own and
 * that of every group around it: `os.availableParallelism()` does not see it on Node 20.
 * `root` stands for `/` and `parallelism` for what the operating system says.
 */
export function usableCores(root = '/', parallelism: number = availableParallelism()): number {
  const groups = (read(join(root, 'proc/self/cgroup')) ?? '').split('\n').flatMap(parseGroup)
  const quotas = groups.flatMap(({ version, path }) =>
    withParents(path).flatMap((group) => (version === 2 ? quotaV2(root, group) : quotaV1(root, group))),
  )
  return Math.max(1, Math.floor(Math.min(parallelism, ...quotas)))
}

/** A line of `/proc/self/cgroup` is `0::/path` (v2) or `4:cpu,cpuacct:/path` (v1). */
function parseGroup(line: string): { version: 1 | 2; path: string }[] {
  const match = /^(\d+):([^:]*):(\/.*)$/.exec(line)
  const path = match?.[3]
  if (path === undefined) return []
  if (match?.[1] === '0') return [{ version: 2, path }]
  return match?.[2]?.split(',').includes('cpu') === true ? [{ version: 1, path }] : []
}

/** Inside a container the path is often the host's and not there: the root of what is mounted is always looked at. */
function withParents(path: string): string[] {
  const paths = ['/']
  for (let at = posix.normalize(path); at !== '/' && at !== '.'; at = posix.dirname(at)) paths.push(at)
  return paths
}

/** `200000 100000` is two cores; `max 100000` is no limit. */
function quotaV2(root: string, group: string): number[] {
  const [quota, period] = (read(join(root, 'sys/fs/cgroup', group, 'cpu.max')) ?? '').trim().split(/\s+/)
  return coresOf(quota, period)
}

/** A quota of -1 is no limit. */
function quotaV1(root: string, group: string): number[] {
  return ['cpu', 'cpu,cpuacct'].flatMap((mount) => {
    const folder = join(root, 'sys/fs/cgroup', mount, group)
    return coresOf(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us')))
  })
}

function coresOf(quota: string | undefined, period: string | undefined): number[] {
  const cores = Number.parseInt(quota ?? '', 10) / Number.parseInt(period ?? '', 10)
  return cores > 0 && Number.isFinite(cores) ? [cores] : []
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
