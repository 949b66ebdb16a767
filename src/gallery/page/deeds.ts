import type { GalleryImage, GalleryModel } from '../gallery-model.ts'
import type { Act } from './act.ts'
import { confirmed } from './modal.ts'
import { counted, creditsWords } from './words.ts'

/** What can be done with a picture, each with its question where one is due. */
export interface Deeds {
  readonly pick: (image: GalleryImage, take: number) => Promise<boolean>
  readonly togglePin: (image: GalleryImage) => Promise<boolean>
  readonly reroll: (image: GalleryImage) => Promise<boolean>
  readonly accept: (image: GalleryImage) => Promise<boolean>
  readonly restore: (image: GalleryImage, sha256: string) => Promise<boolean>
  readonly focus: (image: GalleryImage, point: readonly [number, number]) => Promise<boolean>
  /** Buys what is pending: for one image, or all of it. */
  readonly buy: (model: GalleryModel, image: GalleryImage | null) => Promise<boolean>
}

/** Ties the deeds to a way of acting. `say` is for what cannot be done at all. */
export function createDeeds({ live, act }: Act, say: (text: string) => void): Deeds {
  return {
    pick: (image, take) => act({ action: 'pick', image: image.id, take }),
    togglePin: (image) => {
      if (image.pinned) return act({ action: 'unpin', image: image.id })
      if (image.original && image.from === null)
        return act({ action: 'pin', image: image.id, sha256: image.original.sha256 })
      say(
        image.from === null ? 'There is no picture to pin yet.' : `Pin ${image.from}: this is a crop of it.`,
      )
      return Promise.resolve(false)
    },
    reroll: async (image) => {
      const id = image.from ?? image.id
      const yes = !live || (await confirmed(rerollQuestion(id, image.anew)))
      return yes && act({ action: 'reroll', image: id })
    },
    accept: (image) => act({ action: 'accept', image: image.id }),
    restore: (image, sha256) => act({ action: 'restore', image: image.id, sha256 }),
    focus: (image, point) => act({ action: 'focus', image: image.id, point }),
    buy: async (model, image) => {
      const bill = billOf(model, image)
      if (bill.pictures === 0) {
        say('Nothing is to be bought.')
        return false
      }
      const yes = !live || (await confirmed(buyQuestion(bill)))
      const { purchases, pictures, credits } = bill
      return yes && act({ action: 'buy', purchases, pictures, credits }, bill.images)
    },
  }
}

interface Bill {
  readonly images: readonly string[]
  readonly purchases: readonly string[]
  readonly pictures: number
  readonly credits: number | null
  readonly list: readonly (readonly [string, string])[]
}

function billOf({ purchases }: GalleryModel, image: GalleryImage | null): Bill {
  const owner = image && (image.from ?? image.id)
  const wanted = purchases.filter(({ images }) => owner === null || images.includes(owner))
  return {
    purchases: wanted.map(({ key }) => key),
    images: [...new Set(wanted.flatMap(({ images }) => images))],
    pictures: wanted.reduce((sum, { count }) => sum + count, 0),
    credits: wanted.reduce<number | null>(
      (sum, { credits }) => (sum === null || credits === null ? null : sum + credits),
      0,
    ),
    list: wanted.map(({ images, count, credits, reason }) => [
      `${images.join(', ')}${count > 1 ? ` ×${count}` : ''} · ${reason}`,
      credits === null ? 'price not known' : creditsWords(credits),
    ]),
  }
}

function buyQuestion(bill: Bill): Parameters<typeof confirmed>[0] {
  const price = creditsWords(bill.credits)
  return {
    title: `Buy ${counted(bill.pictures, 'picture')} for ${price}?`,
    text: 'They are paid for as soon as you say yes. Nothing else is bought.',
    list: bill.list,
    yes: `Buy for ${price}`,
  }
}

function rerollQuestion(id: string, credits: number | null): Parameters<typeof confirmed>[0] {
  return {
    title: `Reroll ${id}?`,
    text: `This raises "reroll" in the manifest: a new picture for the same words, for ${creditsWords(credits)}. Nothing is bought yet; that is asked of you next. The present picture stays among the earlier ones.`,
    yes: 'Raise reroll',
  }
}
