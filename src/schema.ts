import { manifestSchema } from './core/manifest/schema.ts'

// A build step: `node dist/schema.js > dist/schema.json`.
process.stdout.write(`${JSON.stringify(manifestSchema(), null, 2)}\n`)
