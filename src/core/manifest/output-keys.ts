import { TEXT } from './rule.ts'
import type { Key, Rule } from './rule.ts'

const FORMAT: Rule = { type: 'word', values: ['avif', 'webp', 'jpeg', 'png'] }
const BYTES: Rule = { type: 'number', whole: true, least: 1, most: 1_000_000_000 }

/** One number for all formats, or one for each that has such a setting. */
function byFormat(
  all: readonly [least: number, most: number],
  each: Readonly<Record<string, readonly [least: number, most: number]>>,
): Rule {
  const keys = Object.entries(each).map(([format, [least, most]]): [string, Key] => [
    format,
    { rule: { type: 'number', whole: true, least, most }, help: `${least} to ${most}.` },
  ])
  return {
    type: 'either',
    says: `a whole number from ${all[0]} to ${all[1]}, or one per format, such as { avif: ${all[1] > 10 ? 57 : 3} }`,
    rules: [
      { type: 'number', whole: true, least: all[0], most: all[1] },
      { type: 'keys', keys: Object.fromEntries(keys) },
    ],
  }
}

const LEVEL: Rule = { type: 'word', values: ['off', 'iptc', 'full'] }
const PROVENANCE: Readonly<Record<string, Key>> = {
  level: { rule: LEVEL, help: 'How much is told.', default: 'full' },
  credit: { rule: TEXT, help: 'Whom to name; only with `full`.' },
  prompt: { rule: { type: 'boolean' }, help: 'Tell the prompt; only with `full`.', default: false },
}

/** Keys of `outputs`: the files to make of a picture. */
export const OUTPUT_KEYS: Readonly<Record<string, Key>> = {
  formats: {
    rule: { type: 'list', of: FORMAT, least: 1 },
    help: 'File formats to make, best first; a transparent picture gets png in place of jpeg.',
    default: ['avif', 'webp', 'jpeg'],
  },
  widths: {
    rule: { type: 'list', of: { type: 'number', whole: true, least: 16, most: 8192 }, least: 1, most: 32 },
    help: 'Widths in pixels; never more than the original has, and of widths within 3 per cent of each other only the smallest.',
    default: [480, 960, 1536],
  },
  quality: {
    rule: byFormat([1, 100], { avif: [1, 100], webp: [1, 100], jpeg: [1, 100] }),
    help: 'Quality, for all formats or per format; png is lossless. Default for photos: avif 57, webp 80, jpeg 78; a little higher for illustrations and text.',
  },
  effort: {
    rule: byFormat([1, 6], { avif: [0, 9], webp: [0, 6], png: [1, 10] }),
    help: 'Encoder effort, one for all formats (1 to 6) or per format; jpeg has none. Default: avif 3, webp 4, png 7.',
  },
  filename: {
    rule: { type: 'text', least: 1 },
    help: 'Name of each file below `out`, from {id} {width} {format} {hash}.',
    default: '{id}-{width}.{format}',
  },
  maxBytes: {
    rule: {
      type: 'either',
      says: 'a whole number of bytes, or numbers by format or width, such as { avif: 60000, 480: 30000 }',
      rules: [
        BYTES,
        {
          type: 'map',
          of: BYTES,
          names: { pattern: '^(avif|webp|jpeg|png|[1-9][0-9]*)$', says: 'a format or a width in pixels' },
        },
      ],
    },
    help: 'Most bytes of a file, metadata counted: for all, or by format and by width. Quality is lowered until it fits.',
  },
  placeholder: {
    rule: { type: 'word', values: ['auto', 'off'] },
    help: 'What stands in for the picture while it loads, in lock, data and markup; `off` for none.',
    default: 'auto',
  },
  provenance: {
    rule: {
      type: 'either',
      says: 'off, iptc or full, or a map such as { level: full, credit: "Studio", prompt: true }',
      rules: [LEVEL, { type: 'keys', keys: PROVENANCE }],
    },
    help: 'What the files say inside themselves of where they come from.',
    default: 'iptc',
  },
}
