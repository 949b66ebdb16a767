import type { Recipe } from '../image.ts'
import type { Report } from './report.ts'
import type { MapTree } from './tree.ts'

/** Limits of bytes by width, by the place where each is written: for which widths they might have been meant, once one is of use null. */
export type WidthLimits = Map<number, { readonly name: string; readonly widths: readonly number[] } | null>

/** Adds the limits of one image, wherever it has them from. */
export function addLimits(limits: WidthLimits, settings: MapTree, { widths }: Recipe): void {
  const outputs = settings.entries.get('outputs')?.value
  const written = outputs?.kind === 'map' ? outputs.entries.get('maxBytes')?.value : undefined
  for (const [name, { keyOffset }] of written?.kind === 'map' ? written.entries : []) {
    if (!/^\d+$/.test(name) || limits.get(keyOffset) === null) continue
    limits.set(keyOffset, widths.includes(Number(name)) ? null : { name, widths })
  }
}

/** A limit that names a width which no image makes limits nothing, and looks as if it did. */
export function reportStrayLimits(limits: WidthLimits, report: Report): void {
  for (const [offset, stray] of limits) {
    if (!stray) continue
    const message = `"maxBytes" names the width ${stray.name}, and no picture is made at it. "widths" has ${stray.widths.join(', ')}.`
    report('manifest/wrong-value', offset, message)
  }
}
