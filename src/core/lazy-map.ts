/**
 * A map, for reading only, that has all its keys from the beginning and makes a value when somebody asks for it, each
 * once unless it is not to keep them. It is a `Map` so that whoever takes one takes this.
 */
export class LazyMap<Key, Seed, Value> extends Map<Key, Value> {
  readonly #seeds: ReadonlyMap<Key, Seed>
  readonly #make: (seed: Seed, key: Key) => Value
  readonly #keeps: boolean

  /** `make` must not throw: nobody looks out for that where a value is looked up. */
  constructor(
    seeds: ReadonlyMap<Key, Seed>,
    make: (seed: Seed, key: Key) => Value,
    { keeps = true }: { readonly keeps?: boolean } = {},
  ) {
    super()
    this.#seeds = seeds
    this.#make = make
    this.#keeps = keeps
    // Node would print of a map what it holds, and that is nothing before it is asked for.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => new Map(this) })
  }

  override get size(): number {
    return this.#seeds.size
  }

  override has(key: Key): boolean {
    return this.#seeds.has(key)
  }

  override get(key: Key): Value | undefined {
    const made = super.get(key)
    if (made !== undefined) return made
    const seed = this.#seeds.get(key)
    if (seed === undefined) return undefined
    const value = this.#make(seed, key)
    if (this.#keeps) super.set(key, value)
    return value
  }

  override keys(): MapIterator<Key> {
    return this.#seeds.keys()
  }

  override *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value
  }

  override *entries(): Generator<[Key, Value], undefined> {
    for (const key of this.#seeds.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  override [Symbol.iterator](): Generator<[Key, Value], undefined> {
    return this.entries()
  }

  override forEach(callback: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this) callback(value, key, this)
  }
}
