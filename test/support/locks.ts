import type { Format } from '../../src/core/image.ts'
import type { Lock, LockImage, LockOutput, LockRecord } from '../../src/core/lock.ts'

/** A record of a picture with these formats and widths, in the shape 2:1. */
export function recordWith(
  id: string,
  made: {
    readonly formats?: readonly Format[]
    readonly widths?: readonly number[]
    readonly ratio?: number
    readonly alpha?: boolean
  } = {},
): LockRecord {
  const { formats = ['avif', 'webp', 'jpeg'], widths = [480, 960, 1536], ratio = 2, alpha = false } = made
  const outputs = formats.flatMap((format) =>
    widths.map((width): LockOutput => {
      const path = `${id}-${width}.${format}`
      const height = Math.round(width / ratio)
      return { format, width, height, path, sha256: '0'.repeat(32), bytes: width, hash: null, quality: null }
    }),
  )
  const part = '000000'
  return {
    request: '1'.repeat(32),
    declared: '2'.repeat(16),
    parts: { model: part, prompt: part, style: part, aspect: part, params: part, reroll: part },
    model: 'apiframe/dall-e-3',
    original: { sha256: '3'.repeat(64), format: 'png', width: 1792, height: 896, bytes: 1000, alpha },
    candidates: 1,
    pick: 1,
    aspect: '2:1',
    recipes: Object.fromEntries(formats.map((format) => [format, '1f2e3d4c5b6a.1'])),
    filename: '{id}-{width}.{format}',
    outputs,
    dropped: [],
    tooLarge: [],
    focus: null,
    placeholder: null,
  }
}

/** An entry with a bought picture; `more` replaces what a test is about. */
export function lockImage(id: string, more: Partial<LockImage> = {}): LockImage {
  return {
    alt: `Alt of ${id}`,
    decorative: false,
    variants: [],
    bought: recordWith(id),
    draft: null,
    refused: null,
    others: [],
    ...more,
  }
}

/** A lock of these images whose manifest says `url: /images`. */
export function lockOf(images: Readonly<Record<string, LockImage>>): Lock {
  return { manifest: '../../pixelkiln.yaml', url: '/images', images: new Map(Object.entries(images)) }
}

const TWO = { formats: ['avif', 'png'], widths: [32, 64] } as const

const KINDS: Readonly<Record<string, Partial<LockImage>>> = {
  plain: {},
  'decorative/of two': { alt: null, decorative: true, bought: recordWith('decorative/of two', TWO) },
  words: { alt: 'A "lamp"\\\n\ton a table' },
  'words/é': { alt: 'Déjà vu \u2028 😀, } ] {' },
  nothing: { bought: null, refused: '4'.repeat(32) },
  variants: { variants: [{ media: '(min-width: 40em)', id: 'plain' }] },
  drawn: { bought: null, draft: { by: 'emulator', ...recordWith('drawn', TWO) } },
  both: { draft: { by: 'sketch', ...recordWith('both') }, others: [recordWith('both', TWO)] },
  chosen: { bought: { ...recordWith('chosen', TWO), candidates: 4, pick: 3, focus: [0.25, 1] } },
  lapsed: { bought: { ...recordWith('lapsed'), lapsed: { pick: 2, request: '5'.repeat(32) } } },
  shown: {
    bought: {
      ...recordWith('shown', { alpha: true }),
      placeholder: { thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', colour: '#aa7f00', image: 'UklGRg/+aA==' },
    },
  },
  signed: { bought: signed(recordWith('signed'), 'Somebody') },
  'signed/by none': { bought: signed(recordWith('signed/by none', { alpha: true }), null) },
  left: {
    bought: {
      ...recordWith('left'),
      dropped: [
        { format: 'avif', width: 64 },
        { format: 'webp', width: 480 },
      ],
      outputs: recordWith('left').outputs.map((output) => ({ ...output, quality: 40 })),
    },
  },
  large: {
    bought: {
      ...recordWith('large', TWO),
      tooLarge: [
        { format: 'avif', width: 64, bytes: 9, quality: 1 },
        { format: 'png', width: 9, bytes: 7, quality: null },
      ],
    },
  },
  named: {
    bought: {
      ...recordWith('named', TWO),
      filename: '{id}.{hash}-{width}.{format}',
      outputs: recordWith('named', TWO).outputs.map((output, index) => {
        const hash = `${index}abcdef0`
        const path = `named.${hash}-${output.width}.${output.format}`
        return { ...output, hash, path, quality: index === 0 ? null : 7 }
      }),
    },
  },
  empty: { bought: recordWith('empty', { formats: [] }) },
}

/** One image of each kind that a lock can have. */
export const KINDS_OF_IMAGES: Readonly<Record<string, LockImage>> = Object.fromEntries(
  Object.entries(KINDS).map(([id, more]) => [id, lockImage(id, more)]),
)

function signed(record: LockRecord, generator: string | null): LockRecord {
  return { ...record, original: { ...record.original, c2pa: { sha256: '6'.repeat(64), generator } } }
}
