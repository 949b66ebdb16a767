import type { GalleryAction } from './gallery-action.ts'

/** Reads the body of a POST; null for anything that is not exactly one of the actions. */
export function readAction(text: string): GalleryAction | null {
  const value = parse(text)
  if (value === null) return null
  const { action, image } = value
  if (action === 'buy') return readBuy(value)
  if (typeof image !== 'string' || image.length > MOST_LETTERS) return null
  switch (action) {
    case 'unpin':
    case 'reroll':
    case 'accept':
      return has(value, ['action', 'image']) ? { action, image } : null
    case 'pin':
    case 'restore': {
      const { sha256 } = value
      if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null
      return has(value, ['action', 'image', 'sha256']) ? { action, image, sha256 } : null
    }
    case 'pick': {
      const { take } = value
      if (typeof take !== 'number' || !Number.isInteger(take) || take < 1 || take > 1000) return null
      return has(value, ['action', 'image', 'take']) ? { action, image, take } : null
    }
    case 'focus': {
      const point = readPoint(value['point'])
      return point && has(value, ['action', 'image', 'point']) ? { action, image, point } : null
    }
    default:
      return null
  }
}

const MOST_LETTERS = 500
const MOST_PURCHASES = 10_000

function readBuy(value: Readonly<Record<string, unknown>>): GalleryAction | null {
  const { purchases, pictures, credits } = value
  const list: readonly unknown[] = Array.isArray(purchases) ? purchases : []
  const keys = list.filter((key) => typeof key === 'string')
  if (list.length === 0 || list.length > MOST_PURCHASES || keys.length !== list.length) return null
  if (typeof pictures !== 'number' || !Number.isInteger(pictures)) return null
  if (credits !== null && (typeof credits !== 'number' || !Number.isFinite(credits))) return null
  if (!has(value, ['action', 'purchases', 'pictures', 'credits'])) return null
  return { action: 'buy', purchases: keys, pictures, credits }
}

function readPoint(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null
  const list: readonly unknown[] = value
  const [x, y] = list
  return isShare(x) && isShare(y) ? [x, y] : null
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** True when it has these keys and no others. */
function has(value: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key))
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return value as Record<string, unknown>
  } catch {
    return null
  }
}
