import type { Problem } from '../core/problems.ts'
import { tryHold } from '../effects/hold.ts'
import type { Hold, Holder } from '../effects/hold.ts'
import type { BuildOptions } from './options.ts'
import type { Session } from './session.ts'

const ASK_AGAIN_MS = 200

/** Takes the project for this run; waits for another one that has it, and says for whom. */
export async function hold(
  session: Session,
  options: Pick<BuildOptions, 'wait' | 'signal'>,
): Promise<(Hold & { readonly waited: boolean }) | { readonly problem: Problem }> {
  let told = false
  for (;;) {
    const held = await tryHold(session.project.stateFolder, session.clock)
    if (!('holder' in held)) return { ...held, waited: told }
    if (options.wait === false) return { problem: heldBy(held.holder) }
    if (!told) session.onEvent({ type: 'waiting', holder: nameOf(held.holder) })
    told = true
    await session.clock.sleep(ASK_AGAIN_MS, options.signal)
    if (options.signal?.aborted === true) {
      const message = 'Interrupted while waiting for another run. Nothing was done.'
      return { problem: { code: 'run/interrupted', message } }
    }
  }
}

function nameOf(holder: Holder): string {
  return `process ${holder.pid} on ${holder.host.split(' ')[0] ?? ''}, since ${holder.since}`
}

function heldBy(holder: Holder): Problem {
  return {
    code: 'run/held',
    message: `Another run holds this project (${nameOf(holder)}). Nothing was done. Leave out --no-wait to wait for it; if that machine is gone for good, delete .pixelkiln/owner.json.`,
  }
}
