import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { GalleryModel } from './gallery-model.ts'

/** The page's script and style, each as one text, with the hashes that its policy names. */
export interface PageText {
  readonly script: string
  readonly style: string
  readonly scriptHash: string
  readonly styleHash: string
}

const STYLES = ['base', 'list', 'detail', 'modal']

/** Run from source, the compiled page lies where `npm run build` puts it. */
const COMPILED = import.meta.url.endsWith('.ts') ? '../../dist/gallery/page/' : './page/'

/** Reads the compiled page. Throws when it was not built. */
export function pageText(): PageText {
  const folder = new URL(COMPILED, import.meta.url)
  const script = joinModules(new URL('main.js', folder))
  const style = STYLES.map((name) => readFileSync(new URL(`style/${name}.css`, folder), 'utf8')).join('\n')
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) }
}

/**
 * The modules that one reaches, joined to one: each once, what is imported before what imports it. It relies on what
 * tsc prints (one import a statement, no renaming, no default exports) and on top-level names that differ; a name
 * used twice is a syntax error when the page starts, and in the test that parses it.
 */
function joinModules(entry: URL, done: Set<string> = new Set()): string {
  if (done.has(entry.href)) return ''
  done.add(entry.href)
  const text = readFileSync(entry, 'utf8')
  const imports = [...text.matchAll(/^import [^;]*? from ["'](\.[^"']+)["'];$/gm)]
  const before = imports.map(([, path]) => joinModules(new URL(path ?? '', entry), done))
  const own = text
    .replaceAll(/^import [^;]*? from ["'][^"']+["'];\n/gm, '')
    .replaceAll(/^export (?=async |function\b|const |let |class )/gm, '')
    .replaceAll(/^export \{\};\n/gm, '')
  return [...before, own].join('')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** The page as one HTML text. `policy` goes into a meta element where no server sends it as a header. */
export function pageHtml(
  { script, style }: PageText,
  data: { readonly model: GalleryModel; readonly token: string | null; readonly policy: string | null },
): string {
  const { model, token, policy } = data
  const meta = policy === null ? '' : `<meta http-equiv="content-security-policy" content="${policy}">\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${meta}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(model.title)} – pixelkiln gallery</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This gallery needs JavaScript; it loads nothing from anywhere else.</noscript>
<script type="application/json" id="data">${escapeJson({ model, token })}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** JSON that cannot end the element it stands in. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
