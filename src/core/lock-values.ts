/** Why a lock is not wholly understood. Caught where the lock is read. */
export class Malformed extends Error {
  readonly newer: boolean
  constructor(message: string, newer = false) {
    super(message)
    this.newer = newer
  }
}

/** A map, whose keys are its own. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Malformed(`${what} is not a map`)
  }
  return Object.fromEntries(Object.entries(value))
}

/** A list. */
export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${what} is not a list`)
  return value
}

/** A text. */
export function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Malformed(`${what} is not a text`)
  return value
}

/** A whole number, not below nothing. */
export function whole(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${what} is not a whole number`)
  }
  return value
}
