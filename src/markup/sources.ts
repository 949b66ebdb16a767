import { FORMATS } from '../core/image.ts'
import type { Format } from '../core/image.ts'
import type { LockOutput, LockRecord } from '../core/lock.ts'

/** The files of one picture in the order in which a browser should be offered them. */
export interface PictureSources {
  /** Better formats, best first. */
  readonly better: readonly FormatFiles[]
  /** What every browser can show. */
  readonly fallback: FormatFiles
}

/** The files of one format, narrow to wide; never empty. */
export interface FormatFiles {
  readonly format: Format
  readonly files: readonly [LockOutput, ...LockOutput[]]
}

/** Which of a picture's files are offered; all by default. */
export interface Choice {
  readonly formats?: readonly Format[] | undefined
  readonly widths?: readonly number[] | undefined
}

/**
 * Sorts a record's files into sources; null when the choice leaves none. A better format that lacks the widest file
 * (dropped, because it was not smaller than the fallback's) is left out: the first source that a browser knows wins,
 * and it would show the picture blurred.
 */
export function sourcesOf(record: LockRecord, choice: Choice = {}): PictureSources | null {
  const files = record.outputs.filter(
    ({ format, width }) =>
      (choice.formats?.includes(format) ?? true) && (choice.widths?.includes(width) ?? true),
  )
  const byFormat = FORMATS.flatMap((format) => filesOf(format, files))
  const last = byFormat.at(-1)
  if (!last) return null
  const plain = record.original.alpha ? ['png', 'jpeg'] : ['jpeg', 'png']
  const fallback = plain.flatMap((name) => byFormat.find(({ format }) => format === name) ?? [])[0] ?? last
  const widest = Math.max(...files.map(({ width }) => width))
  const better = byFormat.filter(
    ({ format, files }) =>
      format !== fallback.format && !plain.includes(format) && files.at(-1)?.width === widest,
  )
  return { better, fallback }
}

function filesOf(format: Format, files: readonly LockOutput[]): readonly FormatFiles[] {
  const [first, ...rest] = files
    .filter((file) => file.format === format)
    .sort((one, other) => one.width - other.width)
  return first ? [{ format, files: [first, ...rest] }] : []
}

/** The file in the middle, of two the wider: what a browser without `srcset` gets. */
export function middleOf({ files }: FormatFiles): LockOutput {
  return files[Math.floor(files.length / 2)] ?? files[0]
}

/** The widest file, whose size is the picture's own. */
export function widestOf({ files }: FormatFiles): LockOutput {
  return files.at(-1) ?? files[0]
}
