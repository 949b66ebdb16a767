/** The words of a prompt, to be asked what it speaks of. */
export interface Words {
  /** Lower case, in the order written. */
  readonly all: readonly string[]
  /** True when any of the blank-separated names occurs; a name also matches its plural, and with `*` at its end every word that begins so. */
  has(names: string): boolean
  /** The place (from 0) of the first word that matches, -1 for none. */
  place(names: string): number
}

/** Reads a prompt's words; letters and digits of any script count. */
export function readWords(prompt: string): Words {
  const all =
    prompt
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const place = (names: string): number => {
    const wanted = names.split(' ')
    return all.findIndex((word) => wanted.some((name) => matches(word, name)))
  }
  return { all, place, has: (names) => place(names) !== -1 }
}

function matches(word: string, name: string): boolean {
  if (name.endsWith('*')) return word.startsWith(name.slice(0, -1))
  return word === name || word === `${name}s` || word === `${name}es`
}
