import type { OversizeOutput } from './lock.ts'
import type { Problem } from './problems.ts'

/** A file that cannot be brought below its limit, and what was reached. */
export interface TooLarge extends OversizeOutput {
  readonly path: string
  readonly maxBytes: number
}

/** Of these files, what the lock remembers. */
export function oversizeIn(files: readonly TooLarge[]): readonly OversizeOutput[] {
  return files.map(({ format, width, bytes, quality }) => ({ format, width, bytes, quality }))
}

/** One problem for all files of an image: what is told twice of one image is told once. */
export function tooLargeProblem(image: string, files: readonly TooLarge[]): Problem {
  const each = files.map(({ path, maxBytes, bytes, quality }) => {
    const how = quality === null ? 'without loss' : `at quality ${quality}`
    return `${path} may have ${maxBytes} bytes and has ${bytes} at the smallest (${how})`
  })
  const message = `${image}: ${each.join('; ')}. Not written; its other files are. Raise "maxBytes", make that width smaller, or leave the format out.`
  return { code: 'output/too-large', message, image }
}
