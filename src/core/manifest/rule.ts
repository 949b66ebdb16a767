import type { Json } from '../image.ts'

/** What a value of the manifest may be. The one table behind the validator and the JSON Schema. */
export type Rule =
  | { readonly type: 'text'; readonly pattern?: string; readonly least?: number; readonly says?: string }
  | { readonly type: 'word'; readonly values: readonly string[] }
  | { readonly type: 'number'; readonly whole: boolean; readonly least: number; readonly most: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'aspect' }
  | { readonly type: 'list'; readonly of: Rule; readonly least: number; readonly most?: number }
  /** `needs`: at least one of these. */
  | {
      readonly type: 'keys'
      readonly keys: Readonly<Record<string, Key>>
      readonly needs?: readonly string[]
    }
  /** `names`: a pattern that its keys match, with words for those that do not. */
  | {
      readonly type: 'map'
      readonly of: Rule
      readonly names?: { readonly pattern: string; readonly says: string }
    }
  | { readonly type: 'scalar' }
  | { readonly type: 'anything' }
  | { readonly type: 'either'; readonly rules: readonly Rule[]; readonly says: string }
  /** Known, and waiting for its time: refused with words. */
  | { readonly type: 'not-yet'; readonly says: string }

export interface Key {
  readonly rule: Rule
  readonly help: string
  readonly default?: Json
  readonly required?: true
}

/** Any text but none. */
export const TEXT: Rule = { type: 'text', least: 1 }

/** What is said of a key that waits for its time. */
export const NOT_YET = 'is not supported by this version yet'
