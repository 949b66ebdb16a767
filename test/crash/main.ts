import { crowd, interrupt, pause } from './crowd.ts'
import { DAMAGED, damage } from './damage.ts'
import { diskCalls } from './disk-calls.ts'
import type { Way } from './disk-calls.ts'
import { killLoop } from './kill-loop.ts'
import { merges } from './merges.ts'
import { tableOf } from './row.ts'
import type { Row } from './row.ts'
import { startService } from './service.ts'
import { SYSTEM_CALLS, canTrace, systemCalls } from './system-calls.ts'

// npm run test:crash -- [rounds [seed [part [stride]]]]: everything that can be broken is broken everywhere, or at every
// `stride`th place. Takes hours.
const [rounds = 100, seed = 1] = process.argv.slice(2, 4).map(Number)
const [, , , , only = '', every = '1'] = process.argv
const stride = Number(every)
const WAYS: readonly Way[] = ['kill', 'half', 'ENOSPC+', 'EIO', 'EIO+', 'EROFS+', 'EACCES']
const INJECTIONS = ['signal=KILL', 'error=ENOSPC', 'error=EIO'] as const

const service = await startService()
const parts: readonly (readonly [name: string, run: () => Promise<Row>])[] = [
  ['kills', () => killLoop(service, { rounds, seed, resets: false })],
  ['resets', () => killLoop(service, { rounds, seed: seed + 1, resets: true })],
  ['merges', () => merges(service, { rounds, seed })],
  ['crowd', () => crowd(service, 20)],
  ['pause', () => pause(service, 60)],
  ['signals', () => interrupt(service, ['SIGINT'])],
  ['signals', () => interrupt(service, ['SIGINT', 'SIGINT'])],
  ['signals', () => interrupt(service, ['SIGTERM'])],
  ...DAMAGED.flatMap((what) =>
    (['cut', 'flip'] as const).map(
      (how) => [`damage-${what}`, () => damage(service, { what, how, stride })] as const,
    ),
  ),
  ...WAYS.map((way) => [`disk-${way}`, () => diskCalls(service, { way, stride })] as const),
  ...(canTrace() ? SYSTEM_CALLS : []).flatMap((call) =>
    INJECTIONS.map(
      (injection) => [`strace-${call}`, () => systemCalls(service, { call, injection, stride })] as const,
    ),
  ),
]
let wrongs = 0
try {
  for (const [name, run] of parts) {
    if (!name.startsWith(only)) continue
    const row = await run()
    process.stdout.write(tableOf([row]))
    for (const wrong of row.wrongs) process.stderr.write(`${row.fault}: ${wrong}\n`)
    wrongs += row.wrongs.length
  }
} finally {
  service.close()
}
process.exitCode = wrongs === 0 ? 0 : 1
