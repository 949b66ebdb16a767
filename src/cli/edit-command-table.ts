import type { CommandFacts, FlagFacts } from './command-table.ts'

const FLAGS: Readonly<Record<string, FlagFacts>> = {
  json: { type: 'boolean', help: 'One JSON object on stdout' },
  emulator: { type: 'boolean', help: 'Choose among the pictures of the emulator' },
  manifest: { type: 'string', value: 'FILE', help: 'The manifest. Default: pixelkiln.yaml' },
}

const HOLDING: Readonly<Record<string, FlagFacts>> = {
  ...FLAGS,
  'no-wait': { type: 'boolean', help: 'Exit 6 instead of waiting for another run' },
}

/** The commands with which people choose pictures. */
export const EDIT_COMMANDS: Readonly<Record<string, CommandFacts>> = {
  reroll: {
    summary: 'Raise "reroll" in the manifest: the next build buys a new picture for the same words',
    usage: 'pixelkiln reroll ID…',
    example: 'pixelkiln reroll home/hero "shop/*"',
    flags: FLAGS,
    words: [1, Infinity],
  },
  pick: {
    summary: 'Use another candidate of an image; free',
    usage: 'pixelkiln pick ID N',
    example: 'pixelkiln pick home/hero 3',
    flags: FLAGS,
    words: [2, 2],
  },
  pin: {
    summary: 'Use one original whatever the words say (default: the one that is shown); never buys',
    usage: 'pixelkiln pin ID [HASH]',
    example: 'pixelkiln pin home/hero 3f2a9c41d0be',
    flags: FLAGS,
    words: [1, 2],
  },
  unpin: {
    summary: 'Let the words of an image decide again',
    usage: 'pixelkiln unpin ID',
    example: 'pixelkiln unpin home/hero',
    flags: FLAGS,
    words: [1, 1],
  },
  history: {
    summary: 'Show every original that is known of an image: takes of its words, and of earlier ones',
    usage: 'pixelkiln history ID [--json]',
    example: 'pixelkiln history home/hero',
    flags: FLAGS,
    words: [1, 1],
  },
  restore: {
    summary: 'Show an earlier original again, by pinning it; free',
    usage: 'pixelkiln restore ID HASH',
    example: 'pixelkiln restore home/hero 3f2a9c41d0be',
    flags: FLAGS,
    words: [2, 2],
  },
  accept: {
    summary: 'Let the present originals stand for the present words: a mended typo buys nothing',
    usage: 'pixelkiln accept ID…',
    example: 'pixelkiln accept home/hero',
    flags: HOLDING,
    words: [1, Infinity],
  },
  adopt: {
    summary: 'Make a picture of your own the original of an image',
    usage: 'pixelkiln adopt ID FILE',
    example: 'pixelkiln adopt home/hero photo.jpg',
    flags: HOLDING,
    words: [2, 2],
  },
  rename: {
    summary: 'Rename an image with its files; nothing is bought or encoded',
    usage: 'pixelkiln rename OLD NEW',
    example: 'pixelkiln rename home/hero home/opening',
    flags: HOLDING,
    words: [2, 2],
  },
}
