const KEPT = 'pixelkiln-theme'

/** Turns the page from light to dark or back, and remembers it; until then it follows the system. */
export function toggleTheme(): string {
  const { dataset } = document.documentElement
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const next = (dataset['theme'] ?? system) === 'dark' ? 'light' : 'dark'
  dataset['theme'] = next
  try {
    localStorage.setItem(KEPT, next)
  } catch {
    // A page opened from disk may have no storage; then the choice lasts as long as the page.
  }
  return next
}

/** Puts the remembered choice in force. */
export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEPT)
    if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept
  } catch {
    // As above.
  }
}
