import type { CST } from 'yaml'

/**
 * The offset of a token below a level, or null when nothing lies so deep. Found without recursion: the library's
 * composer recurses, and some ten thousand brackets end the whole process there, past any catch.
 */
export function deepOffset(tokens: readonly CST.Token[], deepest: number): number | null {
  const open: { readonly token: CST.Token; readonly depth: number }[] = []
  const add = (token: CST.Token | null | undefined, depth: number): void => {
    if (token && (token.type === 'document' || 'items' in token)) open.push({ token, depth })
  }
  for (const token of tokens) add(token, 0)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > deepest) return token.offset
    if (token.type === 'document') add(token.value, depth)
    if (!('items' in token)) continue
    for (const { key, value } of token.items) {
      add(key, depth + 1)
      add(value, depth + 1)
    }
  }
  return null
}
