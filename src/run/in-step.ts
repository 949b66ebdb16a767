import type { BuyJob } from '../core/plan-purchases.ts'
import type { PlaceCounts } from './in-places.ts'

/**
 * So many pictures may wait for their files for each place at the service: what is bought ahead of the encoders takes
 * memory and wins nothing. With one for each place they never wait for a picture that could have been bought sooner.
 */
const WAITING_PER_PLACE = 2

/** Bought pictures whose files are not all made. */
export interface FilesQueue {
  /** Adds pictures by what resolves when their files are made, or cannot be; none of it rejects. */
  readonly add: (made: readonly Promise<unknown>[]) => void
  /** Resolves when not too many wait. */
  readonly room: () => Promise<void>
}

export function createFilesQueue({ purchases }: Pick<PlaceCounts, 'purchases'>): FilesQueue {
  const most = purchases * WAITING_PER_PLACE
  let waiting = 0
  let onRoom: (() => void) | null = null
  return {
    add: (made) => {
      waiting += made.length
      for (const files of made) {
        void files.then(() => {
          waiting -= 1
          if (waiting < most) onRoom?.()
        })
      }
    },
    room: async () => {
      if (waiting >= most) await new Promise<void>((resolve) => (onRoom = resolve))
    },
  }
}

/** Purchases in their order, each when there is room for its pictures; none more once the buying is over. */
export async function* inStep(
  purchases: readonly BuyJob[],
  { room }: Pick<FilesQueue, 'room'>,
  stopping: AbortSignal,
): AsyncGenerator<BuyJob> {
  for (const job of purchases) {
    await room()
    if (stopping.aborted) return
    yield job
  }
}
