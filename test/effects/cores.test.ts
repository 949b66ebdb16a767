import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { usableCores } from '../../src/effects/cores.ts'

describe('usable cores', () => {
  it('are what the system says where nothing is limited', () => {
    expect(usableCores(machine({}), 8)).toBe(8)
    expect(
      usableCores(machine({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' }), 8),
    ).toBe(8)
  })

  it('are whole cores of a quota, at least one', () => {
    expect(usableCores(quotaOf('200000 100000\n'), 8)).toBe(2)
    expect(usableCores(quotaOf('350000 100000\n'), 8)).toBe(3)
    expect(usableCores(quotaOf('50000 100000\n'), 8)).toBe(1)
    expect(usableCores(quotaOf('1600000 100000\n'), 8)).toBe(8)
  })

  it('are limited by every group around the process', () => {
    const root = machine({
      'proc/self/cgroup': '0::/pod/build\n',
      'sys/fs/cgroup/pod/build/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/pod/cpu.max': '300000 100000\n',
    })
    expect(usableCores(root, 8)).toBe(3)
  })

  it('are found where the path of the group is the host’s and not mounted', () => {
    const root = machine({
      'proc/self/cgroup': '0::/docker/0123\n',
      'sys/fs/cgroup/cpu.max': '200000 100000\n',
    })
    expect(usableCores(root, 8)).toBe(2)
  })

  it('know the first version of cgroups too', () => {
    expect(usableCores(firstVersion('400000\n'), 8)).toBe(4)
    expect(usableCores(firstVersion('-1\n'), 8)).toBe(8)
  })
})

function quotaOf(max: string): string {
  return machine({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': max })
}

function firstVersion(quota: string): string {
  return machine({
    'proc/self/cgroup': '5:cpuset:/\n4:cpu,cpuacct:/docker/0123\n1:name=systemd:/\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': quota,
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  })
}

function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'pixelkiln-cores-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}
