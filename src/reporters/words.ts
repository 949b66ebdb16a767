/** A number with its noun: `1 picture`, `1,200 pictures`. */
export function amountOf(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Bytes as people read them, in powers of ten: `820 B`, `12 kB`, `3.2 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** A span of time: `0.4 s`, `12 s`, `2 min 05 s`. */
export function spanOf(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** Credits, or that nobody knows them. */
export function creditsOf(credits: number | null): string {
  return credits === null ? 'an unknown price' : amountOf(credits, 'credit')
}

function grouped(count: number): string {
  return String(count).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',')
}
