import type { IncomingMessage } from 'node:http'
import { isLoopbackHost } from '../core/base-url.ts'
import { type FaultRule, checkFault } from './faults.ts'
import { ledgerOf } from './ledger.ts'
import { type Reply, json, refusal } from './reply.ts'
import type { Service } from './service.ts'

/** Paths under this belong to the emulator itself; the real service has nothing there. */
export const CONTROL_PREFIX = '/__emulator/'

/**
 * Answers the control routes: `GET ledger`, `GET faults`, `POST faults` (a rule is added, a list replaces all),
 * `POST credits` (`{"credits": 100}` are added), `POST reset`. Only for callers on this machine that are no web page.
 */
export function control(service: Service, request: IncomingMessage, body: unknown): Reply {
  if (!isFromHere(request)) return refusal(403, 'The control routes answer programs on this machine only')
  const [path = ''] = (request.url ?? '').split('?')
  switch (`${request.method} ${path.slice(CONTROL_PREFIX.length)}`) {
    case 'GET ledger':
      return json(200, ledgerOf(service, service.settings.clock.now()))
    case 'GET faults':
      return json(200, { faults: service.faults.list() })
    case 'POST faults':
      return setFaults(service, body)
    case 'POST credits':
      return addCredits(service, body)
    case 'POST reset':
      reset(service)
      return json(200, { ok: true })
    default:
      return refusal(404, 'Not found')
  }
}

/** As if the emulator had just been started for the first time: no jobs, the first faults, the first balance. */
export function reset(service: Service): void {
  service.records.reset(service.settings.credits)
  service.tally.clear()
  service.faults.replace(service.settings.faults)
}

/** A web page could otherwise reach these routes through the visitor's browser, by name (rebinding) or by a form. */
function isFromHere(request: IncomingMessage): boolean {
  const { host = '', origin } = request.headers
  return isHere(`http://${host}`) && (origin === undefined || isHere(origin))
}

function isHere(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
}

function setFaults(service: Service, body: unknown): Reply {
  const rules: FaultRule[] = []
  for (const value of Array.isArray(body) ? body : [body]) {
    const rule = checkFault(value)
    if (typeof rule === 'string') return refusal(400, rule)
    rules.push(rule)
  }
  if (Array.isArray(body)) service.faults.replace(rules)
  else for (const rule of rules) service.faults.add(rule)
  return json(200, { faults: service.faults.list() })
}

function addCredits(service: Service, body: unknown): Reply {
  const credits: unknown =
    typeof body === 'object' && body !== null && 'credits' in body ? body.credits : undefined
  if (typeof credits !== 'number' || !Number.isInteger(credits) || credits < 0) {
    return refusal(400, 'credits must be a whole number of 0 or more')
  }
  service.records.grant(credits)
  return json(200, { credits: service.records.balance(service.settings.clock.now()) })
}
