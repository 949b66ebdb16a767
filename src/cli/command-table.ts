/** One flag: its kind, its help, and the letter or value name people see. */
export interface FlagFacts {
  readonly type: 'boolean' | 'string'
  readonly multiple?: true
  readonly value?: string
  readonly help: string
}

export interface CommandFacts {
  readonly summary: string
  readonly usage: string
  readonly example: string
  readonly flags: Readonly<Record<string, FlagFacts>>
  /** Words it takes after its name: how many at least and at most. */
  readonly words: readonly [least: number, most: number]
}

const MANIFEST: FlagFacts = { type: 'string', value: 'FILE', help: 'The manifest. Default: pixelkiln.yaml' }
const JSON_FLAG: FlagFacts = { type: 'boolean', help: 'One JSON event per line on stdout' }
const REPORTER: FlagFacts = {
  type: 'string',
  multiple: true,
  value: 'NAME',
  help: 'text, json, github, junit:PATH or sarif:PATH; may be repeated',
}
const ONLY: FlagFacts = {
  type: 'string',
  multiple: true,
  value: 'GLOB',
  help: 'Work on these images only; may be repeated',
}
const DRAFT: FlagFacts = { type: 'boolean', help: 'Draw sketches offline instead of buying' }
const EMULATOR: FlagFacts = { type: 'boolean', help: 'Run against the local emulator: real HTTP, no money' }

const URL_FLAG: FlagFacts = {
  type: 'string',
  value: 'PREFIX',
  help: 'Public prefix of the asset folder. Default: "url" of the manifest',
}

/** Flags that every command takes. */
export const GLOBAL_FLAGS: Readonly<Record<string, FlagFacts>> = {
  help: { type: 'boolean', help: 'Show help for a command' },
  color: { type: 'boolean', help: 'Colour, also where it would be off; --no-color turns it off' },
}

/** Commands with their flags, help and example; those that edit the manifest have a table of their own. */
export const COMMANDS: Readonly<Record<string, CommandFacts>> = {
  init: {
    summary: 'Write a commented first manifest',
    usage: 'pixelkiln init',
    example: 'pixelkiln init',
    flags: { manifest: MANIFEST },
    words: [0, 0],
  },
  plan: {
    summary: 'Say what would be bought, made and restored, and why',
    usage: 'pixelkiln plan [--json] [--only GLOB]',
    example: 'pixelkiln plan --only "home/*"',
    flags: { json: JSON_FLAG, only: ONLY, manifest: MANIFEST, draft: DRAFT, emulator: EMULATOR },
    words: [0, 0],
  },
  build: {
    summary: 'Buy what is missing, make the files, write the lock (the default command)',
    usage: 'pixelkiln build [options]',
    example: 'pixelkiln build --budget 100',
    flags: {
      only: ONLY,
      draft: DRAFT,
      frozen: { type: 'boolean', help: 'Buy nothing and never change the lock; exit 3 if it would change' },
      emulator: EMULATOR,
      prune: { type: 'boolean', help: 'Remove files of images that the manifest no longer names' },
      budget: { type: 'string', value: 'CREDITS', help: 'Buy without asking, up to so many credits' },
      partial: { type: 'boolean', help: 'Over the budget, buy what fits instead of nothing' },
      'allow-unknown-prices': { type: 'boolean', help: 'Buy also what has no known price' },
      yes: { type: 'boolean', help: 'Buy without asking' },
      concurrency: { type: 'string', value: 'N', help: 'Purchases at once. Default: 4' },
      'no-wait': { type: 'boolean', help: 'Exit 6 instead of waiting for another run' },
      json: JSON_FLAG,
      reporter: REPORTER,
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  check: {
    summary: 'Say whether manifest, lock and files agree; offline, read-only',
    usage: 'pixelkiln check [--allow-drafts] [--allow-pending] [--no-files] [--reporter NAME]',
    example: 'pixelkiln check --allow-pending',
    flags: {
      json: JSON_FLAG,
      'allow-drafts': { type: 'boolean', help: 'Stand-ins are fine' },
      'allow-pending': { type: 'boolean', help: 'Pictures still to be bought are fine' },
      'no-files': { type: 'boolean', help: 'Compare manifest and lock only' },
      reporter: REPORTER,
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  prune: {
    summary: 'Remove files of images that the manifest no longer names',
    usage: 'pixelkiln prune [--yes] [--originals]',
    example: 'pixelkiln prune --yes',
    flags: {
      yes: { type: 'boolean', help: 'Do not ask' },
      originals: { type: 'boolean', help: 'Also remove originals that nothing names any more' },
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  resume: {
    summary: 'Settle purchases that an earlier run left open; decide those that are in doubt',
    usage: 'pixelkiln resume [--resubmit ID] [--forget ID] [--retry ID]',
    example: 'pixelkiln resume --resubmit home/hero',
    flags: {
      resubmit: {
        type: 'string',
        multiple: true,
        value: 'ID',
        help: 'Give its earlier purchase up and buy it anew',
      },
      forget: { type: 'string', multiple: true, value: 'ID', help: 'Give its earlier purchase up' },
      retry: {
        type: 'string',
        multiple: true,
        value: 'ID',
        help: 'Ask once more for words that were refused',
      },
      budget: { type: 'string', value: 'CREDITS', help: 'Buy without asking, up to so many credits' },
      yes: { type: 'boolean', help: 'Buy without asking' },
      'no-wait': { type: 'boolean', help: 'Exit 6 instead of waiting for another run' },
      json: JSON_FLAG,
      emulator: EMULATOR,
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  why: {
    summary: 'Say what is different about one image and what it would cost',
    usage: 'pixelkiln why ID',
    example: 'pixelkiln why home/hero',
    flags: { manifest: MANIFEST },
    words: [1, 1],
  },
  doctor: {
    summary: 'Look at machine, project, key and service; every finding with its remedy',
    usage: 'pixelkiln doctor [--json] [--emulator]',
    example: 'pixelkiln doctor',
    flags: {
      json: { type: 'boolean', help: 'One JSON object on stdout' },
      emulator: EMULATOR,
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  models: {
    summary: 'Show the models with credits, ratios and what else they can do; offline',
    usage: 'pixelkiln models [WORD] [--aspect W:H] [--max-credits N] [--transparent] [--several] [--json]',
    example: 'pixelkiln models --aspect 16:9 --max-credits 5',
    flags: {
      aspect: { type: 'string', value: 'W:H', help: 'Only models that can be asked for this ratio' },
      'max-credits': { type: 'string', value: 'N', help: 'Only models that cost at most so much a picture' },
      transparent: { type: 'boolean', help: 'Only models that can leave the background out' },
      several: { type: 'boolean', help: 'Only models that make several pictures in one job' },
      json: { type: 'boolean', help: 'One JSON array on stdout' },
    },
    words: [0, 1],
  },
  spend: {
    summary: 'Show the ledger: credits per day, run and image',
    usage: 'pixelkiln spend [--json] [--emulator]',
    example: 'pixelkiln spend',
    flags: {
      json: { type: 'boolean', help: 'One JSON object on stdout' },
      emulator: { type: 'boolean', help: 'What the emulator was paid, in play money' },
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  gallery: {
    summary:
      'Show all pictures on one page: a file to look at, or with --serve a live one to choose and buy on',
    usage: 'pixelkiln gallery [--serve [--port N] [--open]] [--out FILE] [--embed]',
    example: 'pixelkiln gallery --serve',
    flags: {
      serve: { type: 'boolean', help: 'Serve the live page on 127.0.0.1 until Ctrl-C' },
      port: { type: 'string', value: 'N', help: 'Its port. Default: any free one' },
      open: { type: 'boolean', help: 'Open it in the browser' },
      out: { type: 'string', value: 'FILE', help: 'The HTML file. Default: .pixelkiln/gallery.html' },
      embed: { type: 'boolean', help: 'Put small pictures into the file, so that it can be sent' },
      draft: DRAFT,
      emulator: EMULATOR,
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  watch: {
    summary: 'Keep the files right while you edit, list what is to be bought, buy on a key press',
    usage: 'pixelkiln watch [--buy] [--budget CREDITS] [options]',
    example: 'pixelkiln watch',
    flags: {
      buy: { type: 'boolean', help: 'Buy by itself once nobody edits, under the budget' },
      budget: {
        type: 'string',
        value: 'CREDITS',
        help: 'What this session may spend. Default: the config, else 300 with --buy',
      },
      'allow-unknown-prices': { type: 'boolean', help: 'Buy also what has no known price' },
      concurrency: { type: 'string', value: 'N', help: 'Purchases at once. Default: 4' },
      ui: { type: 'boolean', help: 'Serve the gallery beside it and say its address' },
      emulator: EMULATOR,
      json: JSON_FLAG,
      reporter: { type: 'string', multiple: true, value: 'NAME', help: 'text or json' },
      manifest: MANIFEST,
    },
    words: [0, 0],
  },
  'merge-driver': {
    summary: 'Merge two locks for git, image by image; --install tells git of it',
    usage: 'pixelkiln merge-driver --install',
    example: 'pixelkiln merge-driver --install',
    flags: {
      install: { type: 'boolean', help: 'Let git merge locks with it in this clone' },
      manifest: MANIFEST,
    },
    words: [0, 4],
  },
  html: {
    summary: 'Print the markup of one image, to be pasted into a page',
    usage: 'pixelkiln html ID [--sizes SIZES] [--priority] [--class NAME] [--placeholder KIND]',
    example: 'pixelkiln html home/hero --sizes "(min-width: 60em) 40rem, 100vw"',
    flags: {
      sizes: { type: 'string', value: 'SIZES', help: 'How wide it is shown, as in HTML. Default: 100vw' },
      priority: { type: 'boolean', help: 'The one picture of the page that matters most: not lazy' },
      class: { type: 'string', value: 'NAME', help: 'Class of the img' },
      placeholder: {
        type: 'string',
        value: 'KIND',
        help: 'color or image (inline style), class, or none. Default: none',
      },
      alt: { type: 'string', value: 'TEXT', help: 'Another text than the manifest has' },
      decorative: { type: 'boolean', help: 'It says nothing to a reader here: alt=""' },
      url: URL_FLAG,
      manifest: MANIFEST,
    },
    words: [1, 1],
  },
  inject: {
    summary: 'Fill every <picture data-pixelkiln="ID"> and <img data-pixelkiln="ID"> of HTML files',
    usage: 'pixelkiln inject FILE|FOLDER|GLOB… [--check]',
    example: 'pixelkiln inject "public/**/*.html"',
    flags: {
      check: { type: 'boolean', help: 'Write nothing; exit 3 if a file would change' },
      url: URL_FLAG,
      manifest: MANIFEST,
    },
    words: [1, Infinity],
  },
  emulator: {
    summary: 'Run the local Apiframe v2',
    usage: 'pixelkiln emulator [options]',
    example: 'pixelkiln emulator --port 4010 --latency 2000',
    flags: {
      port: { type: 'string', value: 'N', help: 'Port on 127.0.0.1. Default: any free one' },
      latency: { type: 'string', value: 'MS', help: 'How long a job takes. Default: 2000' },
      plain: { type: 'boolean', help: 'Leave out the header that tells it from the real service' },
      credits: { type: 'string', value: 'N', help: 'Balance to begin with. Default: 1000' },
      retention: { type: 'string', value: 'MS', help: 'How long result files live. Default: 24 hours' },
      fault: {
        type: 'string',
        multiple: true,
        value: 'RULE',
        help: 'Go wrong in this way; "--fault list" names them',
      },
      config: { type: 'string', value: 'FILE', help: 'Faults and options from a JSON file' },
      folder: { type: 'string', value: 'DIR', help: 'Keep jobs and ledger here' },
    },
    words: [0, 0],
  },
}
