import { providersOf } from '../build/read-world.ts'
import { booksOf } from '../build/reading.ts'
import type { Session } from '../build/session.ts'
import type { Image } from '../core/image.ts'
import { priceOfTakes, totalOf } from '../core/prices.ts'
import type { Note } from '../core/problems.ts'
import { loadConfig } from '../effects/config.ts'
import { readJournal } from '../effects/journal.ts'
import { openStore } from '../effects/store.ts'
import { costNote } from './words.ts'

/** What the next build buys and pays for images whose `reroll` was raised; pictures that the store has, or a pin, cost nothing. */
export async function rerollCost(
  { project, mode }: Session,
  images: readonly Image[],
): Promise<readonly Note[]> {
  const wanted = images.filter(({ pin }) => pin === null)
  if (wanted.length === 0) return []
  const { config } = await loadConfig(project.folder)
  const { journalPath, storeFolder } = booksOf(project, mode, config)
  const journal = readJournal(journalPath)
  const store = openStore(storeFolder)
  const providers = await providersOf(
    { images: wanted },
    config,
    'problem' in journal ? new Map() : journal.purchases,
  )
  // Images of one request share its pictures.
  const requests = new Map<string, { readonly image: Image; readonly takes: number }>()
  for (const image of wanted) {
    const takes = Math.max(image.candidates, requests.get(image.requestKey)?.takes ?? 0)
    requests.set(image.requestKey, { image, takes })
  }
  const lacking = [...requests.values()].map(({ image, takes }) => ({
    request: image.request,
    takes: Math.max(0, takes - store.takes(image.requestKey).length),
  }))
  const credits = totalOf(lacking, ({ request, takes }) => {
    const provider = providers.get(request.provider)
    return takes === 0 ? 0 : provider ? priceOfTakes(provider, request, takes) : null
  })
  const pictures = lacking.reduce((sum, { takes }) => sum + takes, 0)
  return [costNote(pictures, mode === 'emulator' ? 0 : credits)]
}
