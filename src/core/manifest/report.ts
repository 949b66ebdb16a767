import type { ProblemCode } from '../problems.ts'

/** Tells one mistake at an offset of the manifest's text. */
export type Report = (code: ProblemCode, offset: number, message: string, image?: string) => void
