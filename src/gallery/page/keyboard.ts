/** What each key does; a key without an entry does nothing. */
export type Keys = Readonly<Record<string, () => boolean | void>>

/**
 * Listens for single keys on the whole page, but not while something is typed, chosen or dragged, nor with Ctrl, Alt
 * or Cmd. A deed that answers false leaves the key to the browser.
 */
export function listenForKeys(keysNow: () => Keys): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    if (isTyping(event.target) && event.key !== 'Escape') return
    const done = keysNow()[event.key]?.()
    if (done !== undefined && done) event.preventDefault()
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'SELECT' || target.tagName === 'TEXTAREA') return true
  return target.tagName === 'INPUT'
}
