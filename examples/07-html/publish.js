import { cpSync } from 'node:fs'

// The lock lies in the asset folder and is not for readers.
cpSync('site', 'dist', { recursive: true, filter: (path) => !path.endsWith('pixelkiln.lock.json') })
