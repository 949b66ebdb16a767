/** A part of the page that is drawn in full near the window, and far from it as an empty frame of the same size. */
export interface Nearby {
  readonly root: HTMLElement
  readonly near: (yes: boolean) => void
}

/** Windows above and below that are drawn ahead, how far away what is drawn is given up, and how often it is looked after. */
const DRAWN_AHEAD = 1
const KEPT_WITHIN = 3
const LOOKED_EVERY = 0.25

/**
 * Draws what is near the window while it scrolls; `parts` lie in the order of the page. Returns what brings it up to date
 * at once. One look at a few boxes a frame is a fraction of what the browser takes for watching a thousand pictures
 * (lazy loading, `content-visibility`) each by itself.
 */
export function drawNear(parts: () => readonly Nearby[]): () => void {
  const drawn = new Set<Nearby>()
  let looked = Number.NaN
  let asked = false
  const update = (): void => {
    looked = scrollY
    const all = parts()
    const within = (windows: number): readonly Nearby[] =>
      all.slice(firstBelow(all, -windows * innerHeight), firstBelow(all, (1 + windows) * innerHeight))
    const wanted = within(DRAWN_AHEAD)
    const kept = new Set(within(KEPT_WITHIN))
    for (const part of drawn) {
      if (kept.has(part)) continue
      part.near(false)
      drawn.delete(part)
    }
    for (const part of wanted) {
      if (drawn.has(part)) continue
      part.near(true)
      drawn.add(part)
    }
  }
  const inFrame = (): void => {
    asked = false
    update()
  }
  const soon = (): void => {
    if (!asked) requestAnimationFrame(inFrame)
    asked = true
  }
  const scrolled = (): void => {
    if (Math.abs(scrollY - looked) >= LOOKED_EVERY * innerHeight) soon()
  }
  addEventListener('scroll', scrolled, { passive: true })
  addEventListener('resize', soon)
  return update
}

/** Index of the first part that begins at or below an edge, in pixels from the window's top. */
function firstBelow(parts: readonly Nearby[], edge: number): number {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((parts[middle]?.root.getBoundingClientRect().top ?? 0) < edge) low = middle + 1
    else high = middle
  }
  return low
}
