import type { Recipe } from '../image.ts'

const SEGMENT = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u
const RESERVED = /^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\.|$)/i

/** What is wrong with an id, in words; null when it may be used. */
export function idMistake(id: string): string | null {
  if (id === '') return 'An id cannot be empty.'
  if (id !== id.normalize('NFC'))
    return `"${id}" is not in Unicode's composed form (NFC), so it would be another file on another system. Type it anew.`
  if (id.length > 200) return 'An id may have 200 characters at most.'
  if (id.includes('\\')) return `"${id}" has a backslash. Separate folders by "/".`
  for (const segment of id.split('/')) {
    if (byteLength(segment) > 200)
      return `"${segment.slice(0, 20)}…" is too long for a file name: at most 200 bytes.`
    if (segment === '') return `"${id}" begins or ends with "/" or has two in a row.`
    if (segment === '.' || segment === '..') return `"${id}" leads out of the asset folder.`
    if (segment.endsWith('.') || segment.endsWith(' '))
      return `"${segment}" ends with a dot or a blank, which Windows drops.`
    if (RESERVED.test(segment)) return `"${segment}" is a reserved name on Windows.`
    if (!SEGMENT.test(segment))
      return `"${id}" may have letters, digits, ".", "_" and "-", must begin each part with a letter or digit, and separates folders by "/".`
  }
  return null
}

/** How file systems that ignore case and composition see a path. Over the capitals, so that ß is ss as on macOS. */
export function folded(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toLowerCase()
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function byteLength(text: string): number {
  return text.length <= 66 ? text.length : new TextEncoder().encode(text).length
}

/** What is wrong with a filename template, in words; null when it may be used. */
export function filenameMistake(template: string): string | null {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .find((name) => !KNOWN.has(name))
  if (unknown !== undefined) return `knows {id}, {width}, {format} and {hash}, not {${unknown}}`
  if (!template.includes('{id}') || !template.includes('{format}')) return 'needs {id} and {format}'
  if (!template.includes('{width}') && !template.includes('{hash}'))
    return 'needs {width} or {hash}, or all widths have one name'
  const plain = template.replaceAll(/\{\w+\}/g, 'x')
  if (/^\/|\\|^[a-z]:|(?:^|\/)\.{1,2}(?:\/|$)|[<>:"|?*{}\0]/i.test(plain))
    return 'must stay below the asset folder'
  const [bad] = template.split('/').filter((segment) => /[. ]$/.test(segment) || RESERVED.test(segment))
  if (bad !== undefined) return `has "${bad}", which Windows does not keep as a name`
  return null
}

const KNOWN: ReadonlySet<string> = new Set(['id', 'width', 'format', 'hash'])

/** What is wrong with the asset folder, in words; null when it may be used. */
export function outMistake(out: string): string | null {
  const clean = cleanFolder(out)
  if (/^\/|^[a-z]:|\\/i.test(out)) return 'must be relative to the manifest, with forward slashes'
  if (clean === '' || clean.split('/').includes('..')) return 'must be a folder below the manifest’s own'
  const segments = clean.split('/')
  if (['.pixelkiln', 'node_modules', '.git'].includes(segments[0] ?? ''))
    return 'cannot be inside .pixelkiln, node_modules or .git'
  if (/[<>:"|?*\p{Cc}]/u.test(clean) || segments.some((name) => /[. ]$/.test(name) || RESERVED.test(name)))
    return 'must be a name that every system can keep'
  return null
}

/** `./public//images/` as `public/images`. */
export function cleanFolder(out: string): string {
  return out
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** Names of the files an image may make, folded, as far as they are known before there is an original. */
export function possiblePaths(
  id: string,
  recipe: Pick<Recipe, 'filename' | 'formats' | 'widths'>,
): readonly string[] {
  const template = folded(recipe.filename).replaceAll('{id}', () => folded(id))
  // A transparent original gets a PNG in place of the JPEG, and nobody knows before it is there.
  const formats = new Set(recipe.formats)
  if (formats.has('jpeg')) formats.add('png')
  return [...formats].flatMap((format) =>
    recipe.widths.map((width) =>
      template
        .replaceAll('{width}', String(width))
        .replaceAll('{format}', format)
        // A hash is another for every picture, width and format, so that such names never meet.
        .replaceAll('{hash}', `#${id}#${width}`),
    ),
  )
}
