/** The known name most like a wrong one: at most a third of its letters differ (swaps count once). Null when none is near. Ties go to the first. */
export function nearest(wrong: string, known: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Infinity
  for (const name of known) {
    const limit = Math.max(1, Math.floor(Math.max(wrong.length, name.length) / 3))
    if (Math.abs(name.length - wrong.length) > limit) continue
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase())
    if (distance <= limit && distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** Edits (insert, delete, replace, swap of neighbours) from one text to another. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const replaced = (last[j - 1] ?? 0) + (same ? 0 : 1)
      let cheapest = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cheapest = Math.min(cheapest, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cheapest)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
