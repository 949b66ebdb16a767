/** Why a lock is not wholly understood. Caught where the lock is read. */
export class Malformed extends Error {
  readonly newer: boolean
  constructor(message: string, newer = false) {
    super(message)
    this.newer = newer
  }
}

/** A map, whose keys are its own as `JSON.parse` makes them. `what`, `id` and `name` say which value it is; the sentence is made only where it is wrong. */
export function record(value: unknown, what: string, id?: string, name?: string): Record<string, unknown> {
  if (!isRecord(value)) throw new Malformed(`${called(what, id, name)} is not a map`)
  return value
}

/** A list. */
export function list(value: unknown, what: string, id?: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${called(what, id)} is not a list`)
  return value
}

/** A text. */
export function text(value: unknown, what: string, id?: string, name?: string): string {
  if (typeof value !== 'string') throw new Malformed(`${called(what, id, name)} is not a text`)
  return value
}

/** A whole number, not below nothing. */
export function whole(value: unknown, what: string, id?: string, name?: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${called(what, id, name)} is not a whole number`)
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `bytes of "960.avif" of "home/hero"` */
function called(what: string, id?: string, name?: string): string {
  const ofName = name === undefined ? '' : ` of "${name}"`
  return id === undefined ? what : `${what}${ofName} of "${id}"`
}
