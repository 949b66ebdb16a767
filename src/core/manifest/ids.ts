import type { Format } from '../image.ts'

const SEGMENT = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._ -]*$/u
const RESERVED = /^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\.|$)/i

/** What is wrong with an id, in words; null when it may be used. */
export function idMistake(id: string): string | null {
  if (id === '') return 'An id cannot be empty.'
  if (id !== id.normalize('NFC'))
    return `"${id}" is not in Unicode's composed form (NFC), so it would be another file on another system. Type it anew.`
  if (id.length > 200) return 'An id may have 200 characters at most.'
  if (id.includes('\\')) return `"${id}" has a backslash. Separate folders by "/".`
  for (const segment of id.split('/')) {
    if (segment === '') return `"${id}" begins or ends with "/" or has two in a row.`
    if (segment === '.' || segment === '..') return `"${id}" leads out of the asset folder.`
    if (segment.endsWith('.') || segment.endsWith(' '))
      return `"${segment}" ends with a dot or a blank, which Windows drops.`
    if (RESERVED.test(segment)) return `"${segment}" is a reserved name on Windows.`
    if (!SEGMENT.test(segment))
      return `"${id}" may have letters, digits, ".", "_", "-" and blanks, must begin each part with a letter or digit, and separates folders by "/".`
  }
  return null
}

/** How file systems that ignore case and composition see a path. */
export function folded(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC')
}

/** What is wrong with a filename template, in words; null when it may be used. */
export function filenameMistake(template: string): string | null {
  const unknown = [...template.matchAll(/\{([^}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .find((name) => !KNOWN.has(name))
  if (unknown !== undefined) return `knows {id}, {width}, {format} and {hash}, not {${unknown}}`
  if (!template.includes('{id}') || !template.includes('{format}')) return 'needs {id} and {format}'
  if (!template.includes('{width}') && !template.includes('{hash}'))
    return 'needs {width} or {hash}, or all widths have one name'
  const plain = template.replaceAll(/\{\w+\}/g, 'x')
  if (/^\/|\\|^[a-z]:|(?:^|\/)\.{1,2}(?:\/|$)|[<>:"|?*\0]/i.test(plain))
    return 'must stay below the asset folder'
  if (/pixelkiln\.lock\.json/i.test(plain)) return 'cannot be the lock’s own name'
  return null
}

const KNOWN: ReadonlySet<string> = new Set(['id', 'width', 'format', 'hash'])

/** What is wrong with the asset folder, in words; null when it may be used. */
export function outMistake(out: string): string | null {
  const clean = cleanFolder(out)
  if (/^\/|^[a-z]:|\\/i.test(out)) return 'must be relative to the manifest, with forward slashes'
  if (clean === '' || clean.split('/').includes('..')) return 'must be a folder below the manifest’s own'
  if (clean.split('/')[0] === '.pixelkiln' || clean.split('/')[0] === 'node_modules')
    return 'cannot be inside .pixelkiln or node_modules'
  return null
}

/** `./public//images/` as `public/images`. */
export function cleanFolder(out: string): string {
  return out
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** Names of the files an image may make, as far as they are known before there is an original. */
export function possiblePaths(
  id: string,
  recipe: {
    readonly filename: string
    readonly formats: readonly Format[]
    readonly widths: readonly number[]
  },
): readonly string[] {
  return recipe.formats.flatMap((format) =>
    recipe.widths.map((width) =>
      recipe.filename
        .replaceAll('{id}', id)
        .replaceAll('{width}', String(width))
        .replaceAll('{format}', format)
        .replaceAll('{hash}', `#${id}#${width}`),
    ),
  )
}
