import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { locateProject } from '../build/project.ts'
import type { Terminal } from '../cli.ts'
import { doctor } from '../doctor.ts'
import type { Checkup, DoctorOptions } from '../doctor.ts'
import type { Finding } from '../doctor/finding.ts'
import { flat } from '../reporters/json.ts'
import { wrap } from './align.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln doctor`: every finding with its remedy, for people or as one JSON object. Exit 0 without an error, 4 when only the network is at fault, else 2. */
export async function doctorCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const emulator = flags.on('emulator') ? emulatedService(flags, terminal) : null
  try {
    const checkup = await doctor({
      ...readOptions(flags, terminal),
      ...(emulator ? { service: emulator.service } : {}),
    })
    terminal.write(flags.on('json') ? checkupJson(checkup) : checkupText(checkup, terminal))
    return checkup.exitCode
  } finally {
    await emulator?.close()
  }
}

/** The project's own emulator where it has run before; else one in memory, for a doctor leaves nothing behind. */
function emulatedService(
  flags: Flags,
  terminal: Terminal,
): { readonly service: NonNullable<DoctorOptions['service']>; readonly close: () => Promise<void> } {
  let running: { readonly close: () => Promise<void> } | null = null
  return {
    service: async () => {
      const { startEmulator } = await import('../emulator/server.ts')
      const manifest = flags.text('manifest')
      const project = locateProject({ cwd: terminal.cwd, ...(manifest === undefined ? {} : { manifest }) })
      const folder = join(project.stateFolder, 'emulator')
      const emulator = await startEmulator(existsSync(folder) ? { folder } : {})
      running = emulator
      return { baseUrl: emulator.url, apiKey: 'afk_0000000000000000000000000000000000emulator' }
    },
    close: async () => running?.close(),
  }
}

const LEVELS: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok',
  note: 'note',
  warning: 'WARNING',
  error: 'ERROR',
}

function checkupText({ findings }: Checkup, terminal: Terminal): string {
  const left = 20
  const width = Math.max(40, Math.min(100, terminal.columns()) - left)
  const indent = ' '.repeat(left)
  const lines = findings.flatMap(({ level, check, message, remedy, problem }) => {
    const head = `${LEVELS[level].padEnd(9)}${check.padEnd(left - 9)}`
    const place = problem?.place
    return [
      ...wrap(message.split(' '), width).map((line, index) => (index === 0 ? head : indent) + line),
      ...(place
        ? [`${place.file}:${place.line}:${place.column}`, ...place.excerpt.split('\n')].map(
            (line) => indent + line,
          )
        : []),
      ...(remedy === undefined
        ? []
        : wrap(remedy.split(' '), width - 3).map(
            (line, index) => `${indent}${index === 0 ? '-> ' : '   '}${line}`,
          )),
    ]
  })
  return `${lines.join('\n')}\n\n${summary(findings)}\n`
}

function summary(findings: readonly Finding[]): string {
  const number = (wanted: Finding['level']): number => findings.filter(({ level }) => level === wanted).length
  const [errors, warnings, notes] = [number('error'), number('warning'), number('note')]
  if (errors + warnings === 0) return notes === 0 ? 'All is well.' : 'All is well; see the notes.'
  const told = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? 'error' : 'errors'}`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
  ]
  return `${told.join(', ')}.${errors === 0 ? ' Everything works.' : ''}`
}

function checkupJson({ findings, exitCode }: Checkup): string {
  const list = findings.map(({ problem, ...finding }) => ({
    ...finding,
    ...(problem === undefined ? {} : { problem: flat(problem) }),
  }))
  return `${JSON.stringify({ ok: exitCode === 0, findings: list }, null, 2)}\n`
}
