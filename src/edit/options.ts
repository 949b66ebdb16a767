import type { ReadOptions } from '../build/options.ts'

/** Which project is edited. `emulator`: what the emulator delivered counts as its pictures. */
export type EditOptions = Pick<ReadOptions, 'cwd' | 'manifest' | 'emulator'>

/** One image of a project. */
export type EditOneOptions = EditOptions & { readonly id: string }
