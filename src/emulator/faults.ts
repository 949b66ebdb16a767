import { nearest } from '../core/nearest.ts'
import { FAULT_NAMES, type FaultName, type FaultStage, isFaultName, stageOf } from './fault-names.ts'

/** The routes a fault can be put on. */
const FAULT_ROUTES = ['submit', 'job', 'file', 'list', 'me', 'models'] as const
export type FaultRoute = (typeof FAULT_ROUTES)[number]

/** One thing that goes wrong, and when. Without `when` it goes wrong every time. */
export interface FaultRule {
  readonly fault: FaultName
  readonly when?: {
    /** Part of the prompt. */
    readonly prompt?: string
    readonly model?: string
    /** For faults of requests; `submit` when left out (`job` for `job-gone`). */
    readonly route?: FaultRoute
    /** From which of the requests that fit on, counted from 1; alone it means that one only. */
    readonly nth?: number
    /** How many times; 1 when only `nth` is given. */
    readonly times?: number
  }
  /** Retry-After, or how long something slow takes. */
  readonly seconds?: number
}

/** What is known of a request when a fault is looked for. */
interface Occasion {
  readonly stage: FaultStage
  readonly route: FaultRoute
  readonly prompt: string | null
  readonly model: string | null
}

/** The rules in force, with how often each has struck. */
export interface Faults {
  /** The first rule that strikes now, or null. Counts the occasion for every rule that it fits. */
  readonly strike: (occasion: Occasion) => FaultRule | null
  readonly add: (rule: FaultRule) => void
  readonly replace: (rules: readonly FaultRule[]) => void
  readonly list: () => readonly { readonly rule: FaultRule; readonly seen: number; readonly struck: number }[]
}

/** Keeps fault rules and counts; deterministic, in memory: counts begin anew with each start of the emulator. */
export function createFaults(initial: readonly FaultRule[]): Faults {
  let states = initial.map(freshState)
  return {
    strike: (occasion) => {
      let found: FaultRule | null = null
      for (const state of states) {
        if (!fits(state.rule, occasion)) continue
        state.seen += 1
        if (found !== null || !due(state.rule, state.seen)) continue
        state.struck += 1
        found = state.rule
      }
      return found
    },
    add: (rule) => {
      states.push(freshState(rule))
    },
    replace: (rules) => {
      states = rules.map(freshState)
    },
    list: () => states.map((state) => ({ ...state })),
  }
}

function freshState(rule: FaultRule): { readonly rule: FaultRule; seen: number; struck: number } {
  return { rule, seen: 0, struck: 0 }
}

function fits(rule: FaultRule, occasion: Occasion): boolean {
  if (stageOf(rule.fault) !== occasion.stage) return false
  const { prompt, model } = rule.when ?? {}
  if (prompt !== undefined && occasion.prompt?.includes(prompt) !== true) return false
  if (model !== undefined && occasion.model !== model) return false
  if (occasion.stage !== 'before' && occasion.stage !== 'after') return true
  return (rule.when?.route ?? (rule.fault === 'job-gone' ? 'job' : 'submit')) === occasion.route
}

function due(rule: FaultRule, seen: number): boolean {
  const { nth, times } = rule.when ?? {}
  const first = nth ?? 1
  const last = first + (times ?? (nth === undefined ? Infinity : 1)) - 1
  return seen >= first && seen <= last
}

/**
 * Reads a rule as a flag writes it: `failed-capacity`, `reset-after,nth=2`, `unavailable,route=job,times=3`,
 * `failed-policy,prompt="a mug, blue"`. Answers with a sentence when it is none.
 */
export function parseFault(text: string): FaultRule | string {
  const parts = text.match(/(?:"[^"]*"|[^,])+/g) ?? []
  const [fault = '', ...settings] = parts.map((part) => part.trim())
  const when: Record<string, string | number> = {}
  let seconds: number | undefined
  for (const setting of settings) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(setting) ?? []
    const bare = value.replace(/^"(.*)"$/s, '$1')
    if (name === 'seconds') seconds = Number(bare)
    else if (name === 'nth' || name === 'times') when[name] = Number(bare)
    else if (name === 'prompt' || name === 'model' || name === 'route') when[name] = bare
    else
      return `The fault "${text}" has the unknown setting "${setting}"; settings are prompt=, model=, route=, nth=, times= and seconds=.`
  }
  return checkFault({
    fault,
    ...(Object.keys(when).length === 0 ? {} : { when }),
    ...(seconds === undefined ? {} : { seconds }),
  })
}

/** Checks a rule that came as JSON; answers with a sentence when it is none. */
export function checkFault(value: unknown): FaultRule | string {
  const rule = fieldsOf(value)
  if (rule === null) return 'A fault is an object such as {"fault":"unavailable","when":{"nth":2}}.'
  const { fault, when, seconds, ...unknown } = rule
  const [strange] = Object.keys(unknown)
  if (strange !== undefined) return `A fault has no field "${strange}"; it has fault, when and seconds.`
  if (typeof fault !== 'string' || !isFaultName(fault)) {
    const near = nearest(String(fault), FAULT_NAMES)
    const meant = near === null ? '' : ` Did you mean "${near}"?`
    return `There is no fault "${String(fault)}".${meant} "pixelkiln emulator --fault list" names them all.`
  }
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds >= 0)) {
    return `The seconds of the fault "${fault}" must be a number of 0 or more.`
  }
  const checked = when === undefined ? {} : checkWhen(fault, when)
  if (typeof checked === 'string') return checked
  return {
    fault,
    ...(when === undefined ? {} : { when: checked }),
    ...(seconds === undefined ? {} : { seconds }),
  }
}

function checkWhen(fault: FaultName, value: unknown): NonNullable<FaultRule['when']> | string {
  const when = fieldsOf(value)
  if (when === null) return `The "when" of the fault "${fault}" must be an object.`
  const { prompt, model, route, nth, times, ...unknown } = when
  const [strange] = Object.keys(unknown)
  if (strange !== undefined) {
    return `The "when" of a fault has no field "${strange}"; it has prompt, model, route, nth and times.`
  }
  if (!isTextOrAbsent(prompt)) return `The prompt of the fault "${fault}" must be a text.`
  if (!isTextOrAbsent(model)) return `The model of the fault "${fault}" must be a text.`
  if (!isCountOrAbsent(nth) || !isCountOrAbsent(times)) {
    return `nth and times of the fault "${fault}" must be whole numbers of 1 or more.`
  }
  const known = FAULT_ROUTES.find((name) => name === route)
  if (route !== undefined && known === undefined) {
    return `The route of the fault "${fault}" must be one of ${FAULT_ROUTES.join(', ')}.`
  }
  if (known !== undefined && !['before', 'after'].includes(stageOf(fault))) {
    return `The fault "${fault}" takes no route: it belongs to a job or its files.`
  }
  if (known === 'file' && stageOf(fault) === 'after') {
    return `The fault "${fault}" cannot be put on files; picture-slow, picture-cut and the like are for them.`
  }
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(model === undefined ? {} : { model }),
    ...(known === undefined ? {} : { route: known }),
    ...(nth === undefined ? {} : { nth }),
    ...(times === undefined ? {} : { times }),
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function isCountOrAbsent(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1)
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}
