import type { Note } from '../core/problems.ts'

const NOTES_OF_A_KIND = 3

/** A few notes of each kind, and how many more there are; one text a line. */
export function noteLines(notes: readonly Note[]): string[] {
  return [...new Set(notes.map(({ code }) => code))].flatMap((code) => {
    const same = notes.filter((note) => note.code === code)
    const more = same.length - NOTES_OF_A_KIND
    const shown = same.slice(0, NOTES_OF_A_KIND).map(({ message }) => `  note   ${message}`)
    return more > 0 ? [...shown, `         and ${more} more like it (--json names them all)`] : shown
  })
}
