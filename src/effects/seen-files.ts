import type { SeenFile } from './state.ts'

/** What was seen of output files, by their paths below the asset folder. */
export interface SeenFiles {
  readonly get: (path: string) => SeenFile | undefined
  /** Takes the place of what was seen of that path before. Its digests are of 32 hex digits each. */
  readonly set: (file: SeenFile) => void
}

/** Rows of one piece of memory: a table that grows by copying would need twice its size. */
const ROWS = 4096
const STAT_NUMBERS = 4
const DIGEST_BYTES = 16

/** A table over what was seen before: as objects its numbers and digests would take five times the memory. */
export function seenFilesOver(before: Pick<SeenFiles, 'get'>): SeenFiles {
  const places = new Map<string, number>()
  const pieces: { readonly stats: BigInt64Array; readonly digests: Buffer }[] = []
  return {
    get: (path) => {
      const place = places.get(path)
      const piece = place === undefined ? undefined : pieces[Math.floor(place / ROWS)]
      if (place === undefined || !piece) return before.get(path)
      const stat = (place % ROWS) * STAT_NUMBERS
      const digest = (place % ROWS) * DIGEST_BYTES * 2
      const [size = 0n, mtimeNs = 0n, ctimeNs = 0n, ino = 0n] = piece.stats.subarray(
        stat,
        stat + STAT_NUMBERS,
      )
      return {
        path,
        stat: { size, mtimeNs, ctimeNs, ino },
        sha256: piece.digests.toString('hex', digest, digest + DIGEST_BYTES),
        derivedUnder: piece.digests.toString('hex', digest + DIGEST_BYTES, digest + 2 * DIGEST_BYTES),
      }
    },
    set: ({ path, stat, sha256, derivedUnder }) => {
      const place = places.get(path) ?? places.size
      places.set(path, place)
      const index = Math.floor(place / ROWS)
      const piece = (pieces[index] ??= {
        stats: new BigInt64Array(ROWS * STAT_NUMBERS),
        digests: Buffer.alloc(ROWS * DIGEST_BYTES * 2),
      })
      const at = place % ROWS
      piece.stats.set([stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino], at * STAT_NUMBERS)
      piece.digests.write(sha256 + derivedUnder, at * DIGEST_BYTES * 2, 'hex')
    },
  }
}
