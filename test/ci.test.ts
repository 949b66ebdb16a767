import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { ALL_COMMANDS } from '../src/cli/all-commands.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ACTION = join(ROOT, '.github/actions/pixelkiln/action.yml')

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

it('the action checks without a key, and only its building step is given one', () => {
  const action = parse(readFileSync(ACTION, 'utf8')) as { runs: { using: string; steps: readonly Step[] } }
  const { using, steps } = action.runs
  expect(using).toBe('composite')
  const keyed = steps.filter(({ env }) => env?.['APIFRAME_API_KEY'] !== undefined)
  expect(keyed.map((step) => step.if)).toEqual(["inputs.mode == 'build'"])
  const script = /\$GITHUB_ACTION_PATH\/(\S+\.sh)/.exec(keyed[0]?.run ?? '')?.[1] ?? ''
  expect(existsSync(join(dirname(ACTION), script))).toBe(true)
})

it('the workflow buys for no fork, behind a label or on main, and one run after the other', () => {
  const text = read('examples/ci/github.yml')
  const workflow = parse(text) as {
    on: Readonly<Record<string, unknown>>
    jobs: Readonly<Record<string, { if: string; steps: readonly Step[]; permissions?: object }>>
  }
  expect(Object.keys(workflow.on).sort()).toEqual(['pull_request', 'push'])
  const { check, buy } = workflow.jobs
  expect(JSON.stringify(check)).not.toContain('secrets.')
  expect(check?.permissions).toBeUndefined()
  expect(buy?.if).toContain('head.repo.full_name == github.repository')
  expect(buy?.if).toContain("label.name == 'buy pictures'")
  expect(text).toContain('cancel-in-progress: false')
  const action = parse(readFileSync(ACTION, 'utf8')) as { inputs: object }
  const given = [check, buy]
    .flatMap((job) => job?.steps ?? [])
    .filter(({ uses }) => uses?.includes('pixelkiln@'))
  const names = given.flatMap((step) => Object.keys(step.with ?? {}))
  expect([given.length, names.filter((name) => !(name in action.inputs))]).toEqual([2, []])
})

it.each(readdirSync(join(ROOT, 'examples/ci')))(
  '%s asks only for commands and flags that there are',
  (name) => {
    const calls = [
      ...read(`examples/ci/${name}`).matchAll(/pixelkiln ([a-z-]+)((?: +--[\w=:.-]+(?: [\w:./-]+)?)*)/g),
    ]
    for (const [, command = '', flags = ''] of calls.filter(([whole]) => whole.includes('--'))) {
      const known = Object.keys(ALL_COMMANDS[command]?.flags ?? {})
      const used = [...flags.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag ?? '')
      expect(used.filter((flag) => !known.includes(flag))).toEqual([])
    }
  },
)

it('the recipes for hosts that only deploy never buy', () => {
  for (const name of ['netlify.toml', 'vercel.json']) {
    expect(read(`examples/ci/${name}`)).toContain('pixelkiln build --frozen')
    expect(read(`examples/ci/${name}`)).not.toContain('APIFRAME_API_KEY')
  }
})
