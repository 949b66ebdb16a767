import { OUTPUT_KEYS } from './output-keys.ts'
import { NOT_YET, TEXT } from './rule.ts'
import type { Key, Rule } from './rule.ts'

/** The model of an image that names none. */
export const DEFAULT_MODEL = 'dall-e-3'

const SHARE: Rule = { type: 'number', whole: false, least: 0, most: 1 }

const POLICY: Readonly<Record<string, Key>> = {
  refused: {
    rule: { type: 'word', values: ['keep-previous', 'placeholder', 'fail', 'skip'] },
    help: 'What to do when the service refuses the words.',
    default: 'keep-previous',
  },
}

/** Keys that make sense for many images: allowed in defaults, styles and images. */
const SHARED: Readonly<Record<string, Key>> = {
  model: { rule: TEXT, help: '`provider/model`; bare names belong to apiframe.', default: DEFAULT_MODEL },
  aspect: { rule: { type: 'aspect' }, help: 'Shape of the picture as W:H.', default: '1:1' },
  params: {
    rule: { type: 'map', of: { type: 'anything' } },
    help: 'Params of the model, as its documentation names them.',
  },
  focus: {
    rule: {
      type: 'either',
      says: 'attention, entropy, center, or a point [x, y] in 0..1',
      rules: [
        { type: 'word', values: ['attention', 'entropy', 'center'] },
        { type: 'list', of: SHARE, least: 2, most: 2 },
      ],
    },
    help: 'What a crop keeps.',
    default: 'attention',
  },
  fit: {
    rule: { type: 'word', values: ['cover', 'contain', 'refuse'] },
    help: 'How a picture of another shape is brought into `aspect`.',
    default: 'cover',
  },
  candidates: {
    rule: { type: 'number', whole: true, least: 1, most: 16 },
    help: 'How many pictures to buy for one image.',
    default: 1,
  },
  reroll: {
    rule: { type: 'number', whole: true, least: 0, most: 1_000_000 },
    help: 'Raise it to buy a new picture for the same words.',
    default: 0,
  },
  content: {
    rule: { type: 'word', values: ['photo', 'illustration', 'text'] },
    help: 'What it shows: illustrations and text get full colour resolution in JPEG and a higher quality.',
    default: 'photo',
  },
  outputs: { rule: { type: 'keys', keys: OUTPUT_KEYS }, help: 'The files to make.' },
  policy: { rule: { type: 'keys', keys: POLICY }, help: 'What to do when something is refused.' },
  references: { rule: { type: 'not-yet', says: NOT_YET }, help: 'Reference pictures.' },
}

const STYLE: Key = { rule: TEXT, help: 'A look under `styles`, or one of the model’s own styles.' }
const ALT: Key = { rule: { type: 'text' }, help: 'Alternative text for markup.' }

/** Keys that one cell of a matrix may set for itself. */
const CELL: Readonly<Record<string, Key>> = {
  pick: {
    rule: { type: 'number', whole: true, least: 1, most: 16 },
    help: 'Which candidate is used.',
    default: 1,
  },
  pin: {
    rule: { type: 'text', pattern: '^[0-9a-f]{12,64}$', says: '12 to 64 hex digits of an original’s sha256' },
    help: 'Use this original, whatever the words say. Never buys.',
  },
  ...pickKeys(SHARED, ['reroll', 'focus']),
  alt: ALT,
}

const PROMPT: Key = { rule: TEXT, help: 'What the picture shows.' }

/** With one of these a variant is a picture of its own; without, another crop. */
export const GENERATING_KEYS: readonly string[] = [
  'prompt',
  'style',
  'model',
  'params',
  'candidates',
  'pick',
  'pin',
  'reroll',
]

const VARIANT_KEYS: Readonly<Record<string, Key>> = {
  media: {
    rule: TEXT,
    help: 'Where it is shown, as in CSS: (max-width: 40em), (prefers-color-scheme: dark).',
    required: true,
  },
  name: {
    rule: { type: 'text', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$', says: 'letters, digits, - and _' },
    help: 'The end of its id, behind a dot. Default: its number.',
  },
  ...pickKeys(SHARED, ['aspect', 'focus', 'fit', 'content', 'outputs']),
  prompt: PROMPT,
  style: STYLE,
  ...pickKeys({ ...SHARED, ...CELL }, GENERATING_KEYS),
}

export const IMAGE_KEYS: Readonly<Record<string, Key>> = {
  prompt: PROMPT,
  from: { rule: TEXT, help: 'Another crop of that image’s original; never buys.' },
  style: STYLE,
  ...SHARED,
  ...CELL,
  decorative: {
    rule: { type: 'boolean' },
    help: 'True for pictures that say nothing to a reader: alt="".',
    default: false,
  },
  matrix: {
    rule: { type: 'map', of: { type: 'list', of: { type: 'scalar' }, least: 0, most: 1000 } },
    help: 'Axes of values; one image for each combination.',
  },
  each: {
    rule: { type: 'map', of: { type: 'keys', keys: CELL } },
    help: 'Settings of single cells of the matrix.',
  },
  variants: {
    rule: { type: 'list', of: { type: 'keys', keys: VARIANT_KEYS }, least: 1, most: 16 },
    help: 'Other pictures in its place where a media query holds: other crops, or pictures with words of their own.',
  },
}

export const STYLE_KEYS: Readonly<Record<string, Key>> = {
  before: { rule: TEXT, help: 'Text before every prompt.' },
  after: { rule: TEXT, help: 'Text after every prompt.' },
  ...SHARED,
}

export const DEFAULT_KEYS: Readonly<Record<string, Key>> = { style: STYLE, ...SHARED }

/** Keys that an image with `from` may have. */
export const FROM_KEYS: readonly string[] = [
  'from',
  'aspect',
  'focus',
  'fit',
  'alt',
  'decorative',
  'content',
  'outputs',
  'matrix',
]

/** Where a key belongs that people write a level too high. */
export const OTHER_PLACES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(OUTPUT_KEYS).map((name) => [name, 'outputs'])),
  before: 'styles',
  after: 'styles',
  refused: 'policy',
}

const EMIT: Readonly<Record<string, Key>> = {
  data: { rule: TEXT, help: 'A JSON file with everything a template needs, relative to the manifest.' },
  module: {
    rule: TEXT,
    help: 'A typed module, .ts, or .js or .mjs with its declarations beside it.',
  },
}

export const TOP_KEYS: Readonly<Record<string, Key>> = {
  version: { rule: { type: 'number', whole: true, least: 1, most: 1 }, help: 'Always 1.', required: true },
  out: {
    rule: { type: 'text', least: 1 },
    help: 'The asset folder, relative to the manifest; the lockfile lives in it.',
    default: 'public/images',
  },
  url: { rule: TEXT, help: 'Public prefix of `out`, for markup.' },
  defaults: { rule: { type: 'keys', keys: DEFAULT_KEYS }, help: 'For every image that says nothing else.' },
  styles: { rule: { type: 'map', of: { type: 'keys', keys: STYLE_KEYS } }, help: 'Named looks.' },
  images: {
    rule: { type: 'map', of: { type: 'keys', keys: IMAGE_KEYS, needs: ['prompt', 'from'] } },
    help: 'The images by id; the id gives the path.',
    required: true,
  },
  emit: { rule: { type: 'keys', keys: EMIT }, help: 'Files for templates and code, made from the lock.' },
}

function pickKeys(keys: Readonly<Record<string, Key>>, names: readonly string[]): Record<string, Key> {
  return Object.fromEntries(Object.entries(keys).filter(([name]) => names.includes(name)))
}
