import { readFileSync } from 'node:fs'
import { FAULTS, FAULT_NAMES } from './fault-names.ts'
import { type FaultRule, checkFault, parseFault } from './faults.ts'
import type { EmulatorOptions } from './options.ts'
import { startEmulator } from './server.ts'

/** What the command is told; everything may be left out. */
export interface EmulatorArguments {
  readonly port?: number | undefined
  readonly latencyMs?: number | undefined
  readonly plain?: boolean | undefined
  readonly credits?: number | undefined
  readonly retentionMs?: number | undefined
  /** Rules as `parseFault` reads them; `list` prints the names instead of starting. */
  readonly faults?: readonly string[] | undefined
  /** A JSON file with options of the emulator, `faults` among them; flags win. */
  readonly config?: string | undefined
  readonly folder?: string | undefined
}

/** Arguments or a config file that make no sense; the message is for the person at the keyboard. */
export class EmulatorUsageError extends Error {
  override readonly name = 'EmulatorUsageError'
}

/**
 * Runs the emulator until the signal is aborted, and says where it listens. Rejects with `EmulatorUsageError` for
 * arguments that make no sense and for a port that is taken, with `DiskError` when the folder cannot be used.
 */
export async function runEmulator(
  args: EmulatorArguments,
  out: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (args.faults?.includes('list')) {
    for (const line of faultLines()) out(line)
    return
  }
  const options = readOptions(args)
  const emulator = await startEmulator(options).catch((error: unknown) => {
    throw asUsageError(error, options)
  })
  for (const line of greeting(emulator.url, options)) out(line)
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }
  await emulator.close()
}

/** Every fault with its sentence, one a line. */
function faultLines(): readonly string[] {
  const width = Math.max(...FAULT_NAMES.map((name) => name.length))
  return FAULT_NAMES.map((name) => `${name.padEnd(width)}  ${FAULTS[name]}`)
}

function greeting(url: string, options: EmulatorOptions): readonly string[] {
  const rules = (options.faults ?? []).map((rule) => `  ${JSON.stringify(rule)}: ${FAULTS[rule.fault]}`)
  return [
    `A local Apiframe v2 listens on ${url}`,
    '',
    'Point a program at it:',
    `  APIFRAME_BASE_URL=${url} APIFRAME_API_KEY=afk_local pixelkiln build`,
    'Control it:',
    `  curl ${url}/__emulator/ledger`,
    `  curl ${url}/__emulator/faults -H 'content-type: application/json' -d '{"fault":"unavailable","when":{"times":2}}'`,
    `  curl -X POST ${url}/__emulator/reset`,
    ...(rules.length === 0 ? [] : ['Faults:', ...rules]),
    options.folder === undefined
      ? 'Jobs live in memory and are gone when it stops. Ctrl-C stops it.'
      : `Jobs are kept in ${options.folder}. Ctrl-C stops it.`,
  ]
}

function readOptions(args: EmulatorArguments): EmulatorOptions {
  const { config: path, faults: texts = [], plain, ...rest } = args
  const config = path === undefined ? {} : readConfig(path)
  const given = Object.entries({ ...rest, plain: plain === true ? true : undefined })
  for (const [name, value] of given) {
    if (value === undefined || checkOption(name, value)) continue
    throw new EmulatorUsageError(`The emulator's ${name} cannot be ${JSON.stringify(value)}.`)
  }
  const flags = Object.fromEntries(given.filter(([, value]) => value !== undefined))
  const faults = texts.map((text) => known(parseFault(text)))
  return { ...config, ...flags, faults: [...(config.faults ?? []), ...faults] }
}

function known(rule: FaultRule | string): FaultRule {
  if (typeof rule === 'string') throw new EmulatorUsageError(rule)
  return rule
}

type Check = (value: unknown) => boolean

const whole: Check = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const mapOf: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a config file may hold; a clock cannot come from a file. */
const CONFIG: Readonly<Record<Exclude<keyof EmulatorOptions, 'clock'>, Check>> = {
  port: (value) => whole(value) && Number(value) <= 65_535,
  host: (value) => typeof value === 'string',
  latencyMs: whole,
  spread: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  plain: oneOf(true, false),
  keys: mapOf,
  role: oneOf('ADMIN', 'MEMBER', 'OWNER'),
  credits: whole,
  folder: (value) => typeof value === 'string',
  picture: oneOf('sketch', 'canned'),
  faults: Array.isArray,
  seed: (value) => typeof value === 'string',
  retentionMs: whole,
  rateLimit: (value) => mapOf(value) && whole((value as { readonly perMinute?: unknown }).perMinute),
  maxConcurrentJobs: whole,
  beyondConcurrency: oneOf('queue', '429'),
  webhookForm: oneOf('hex', 'bytes'),
  prices: (value) => mapOf(value) && Object.values(value as object).every(whole),
}

/** Whether an option may have a value; null when there is no such option. */
function checkOption(name: string, value: unknown): boolean | null {
  return Object.hasOwn(CONFIG, name) ? CONFIG[name as keyof typeof CONFIG](value) : null
}

function readConfig(path: string): EmulatorOptions {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new EmulatorUsageError(`${path} cannot be read as JSON (${String(error)}).`)
  }
  if (!mapOf(value)) throw new EmulatorUsageError(`${path} must hold an object of options.`)
  for (const [name, member] of Object.entries(value as object)) {
    const fits = checkOption(name, member)
    if (fits === null) {
      const names = Object.keys(CONFIG).join(', ')
      throw new EmulatorUsageError(`${path}: "${name}" is no option (there are ${names}).`)
    }
    if (!fits) throw new EmulatorUsageError(`${path}: "${name}" has a value it cannot take.`)
  }
  // Every member was checked above, the faults here.
  const options = value as EmulatorOptions & { readonly faults?: readonly unknown[] }
  return options.faults === undefined
    ? options
    : {
        ...options,
        faults: options.faults.map((rule) =>
          known(typeof rule === 'string' ? parseFault(rule) : checkFault(rule)),
        ),
      }
}

function asUsageError(error: unknown, options: EmulatorOptions): unknown {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new EmulatorUsageError(
      `Port ${options.port} is taken. Choose another one with --port, or 0 for any.`,
    )
  }
  if (error instanceof RangeError) return new EmulatorUsageError(error.message)
  return error
}
