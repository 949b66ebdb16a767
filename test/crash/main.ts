import { diskCalls } from './disk-calls.ts'
import type { Way } from './disk-calls.ts'
import { killLoop } from './kill-loop.ts'
import { tableOf } from './row.ts'
import type { Row } from './row.ts'
import { startService } from './service.ts'

const [rounds = 50, seed = 1] = process.argv.slice(2, 4).map(Number)
const WAYS: readonly Way[] = ['kill', 'half', 'ENOSPC+', 'EIO', 'EIO+', 'EROFS+', 'EACCES']
const ways = WAYS.filter((way) => process.argv[4] === undefined || process.argv[4] === way)
const service = await startService()
const rows: Row[] = []
try {
  if (rounds > 0) {
    rows.push(await killLoop(service, { rounds, seed, resets: false }))
    rows.push(await killLoop(service, { rounds, seed: seed + 1, resets: true }))
  }
  for (const way of ways) rows.push(await diskCalls(service, { way, stride: 1 }))
} finally {
  service.close()
}
process.stdout.write(tableOf(rows))
const wrongs = rows.flatMap(({ fault, wrongs }) => wrongs.map((wrong) => `${fault}: ${wrong}\n`))
process.stderr.write(wrongs.join(''))
process.exitCode = wrongs.length === 0 ? 0 : 1
