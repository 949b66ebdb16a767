/** The tool and its version; equal to package.json's, which a test sees to. */
export const VERSION = '0.1.0'

/** What the state file is keyed by: another version looks for itself. */
export const TOOL: string = `pixelkiln ${VERSION}`
