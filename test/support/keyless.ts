import { rmSync } from 'node:fs'
import { onTestFinished, vi } from 'vitest'
import type { TestProject } from './project.ts'

/** What a build machine has: a project that was bought elsewhere, without key, originals and journal. */
export function makeKeyless(project: TestProject): void {
  withoutKey()
  rmSync(project.path('.pixelkiln'), { recursive: true, force: true })
}

/** Takes the key out of this process's environment until the test is over. */
export function withoutKey(): void {
  vi.stubEnv('APIFRAME_API_KEY', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** Stands in a folder until the test is over, as frameworks do whose config knows no root. */
export function standIn(folder: string): void {
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
}
