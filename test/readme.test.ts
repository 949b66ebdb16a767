import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/cli/command-table.ts'
import { readManifest } from '../src/core/manifest/read-manifest.ts'
import { PROBLEM_EXITS } from '../src/core/problems.ts'
import { FAULT_NAMES } from '../src/emulator/fault-names.ts'
import { catalog } from '../src/providers/catalog.ts'
import { VERSION } from '../src/tool.ts'

const README = read('../README.md')

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

/** Blocks of code in one language. */
function blocks(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

describe('the README', () => {
  it('starts with the two commands', () => {
    const first = blocks('sh')[0]
      ?.split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
    expect(first?.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test'])
    expect(README.indexOf('```sh')).toBeLessThan(20)
  })

  it('explains every problem code with its exit code, and no other', () => {
    const explained = [...README.matchAll(/^### ([a-z-]+\/[a-z-]+)\n\n.*Exit code (\d+)\.$/gm)].map(
      ([, code, exit]) => [code, Number(exit)],
    )
    expect(Object.fromEntries(explained)).toEqual(PROBLEM_EXITS)
  })

  it('has an example of every command', () => {
    for (const command of Object.keys(COMMANDS))
      expect(README).toMatch(new RegExp(`^\\| \`${command}\` .*\`pixelkiln ${command}`, 'm'))
  })

  it('shows manifests that are right', () => {
    const manifests = blocks('yaml').filter((text) => text.includes('images:'))
    expect(manifests.length).toBeGreaterThan(0)
    for (const text of manifests) {
      const reading = readManifest({ file: 'README.md', text }, catalog)
      expect([...reading.problems, ...reading.unsupported]).toEqual([])
    }
  })

  it('counts the faults of the emulator rightly', () => {
    expect(README).toContain(`the ${FAULT_NAMES.length} ways`)
  })
})

it('the version is the same everywhere', () => {
  const { version } = JSON.parse(read('../package.json')) as { version: string }
  expect(VERSION).toBe(version)
  expect(read('../CHANGELOG.md')).toContain(`## ${version}`)
})
