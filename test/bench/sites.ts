import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { rasterize } from '../../src/effects/draw.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { drawSketch } from '../../src/providers/sketch/draw-sketch.ts'
import { VIEWPORTS, servePainted } from '../support/painted-site.ts'
import type { Viewport } from '../support/painted-site.ts'
import type { Bench, Row } from './support/bench.ts'

/** A site of `examples/` and the same page by the framework's own means, in `test/bench/sites`. */
interface Site {
  readonly example: string
  /** Its package, whose version is told; null for none. */
  readonly framework: string | null
  /** What makes the pictures of the page made by hand. */
  readonly means: string
  /** Where its originals lie. */
  readonly originals: string
  /** Packages that it needs beside the example's. */
  readonly packages?: Readonly<Record<string, string>>
  readonly build: readonly string[]
  readonly published: string
  /** Files of the example that are in the way of the other page. */
  readonly without?: readonly string[]
  /** The other page needs the framework's server. */
  readonly serve?: readonly string[]
}

const SITES: Readonly<Record<string, Site>> = {
  vite: {
    example: '02-vite',
    framework: 'vite',
    means: 'vite-imagetools',
    originals: 'src',
    packages: { 'vite-imagetools': '^12.0.1' },
    build: ['vite', 'build'],
    published: 'dist',
  },
  astro: {
    example: '03-astro',
    framework: 'astro',
    means: '<Picture> of astro:assets',
    originals: 'src',
    build: ['astro', 'build'],
    published: 'dist',
    without: ['astro.config.ts', 'src/pages/lamp.md', 'src/pages/all.astro', 'src/content.config.ts'],
  },
  eleventy: {
    example: '04-eleventy',
    framework: '@11ty/eleventy',
    means: '@11ty/eleventy-img',
    originals: '.',
    packages: { '@11ty/eleventy-img': '^7.0.0' },
    build: ['eleventy'],
    published: '_site',
    without: ['lamp.md'],
  },
  next: {
    example: '05-next',
    framework: 'next',
    means: 'next/image by next start',
    originals: 'app',
    build: ['next', 'build'],
    published: 'out',
    serve: ['next', 'start'],
  },
  hugo: {
    example: '06-hugo',
    framework: 'hugo',
    means: 'image processing, WebP (no AVIF in 0.111)',
    originals: 'assets',
    build: ['hugo'],
    published: 'public',
    without: ['content/lamp.md', 'static/images'],
  },
  html: {
    example: '07-html',
    framework: null,
    means: 'one JPEG each, quality 80',
    originals: 'site',
    build: ['node', 'publish.js'],
    published: 'dist',
    without: ['site/images'],
  },
  sveltekit: {
    example: '08-sveltekit',
    framework: '@sveltejs/kit',
    means: '<enhanced:img>',
    originals: 'src/routes',
    build: ['vite', 'build'],
    published: 'build',
  },
}

/** The pictures of every example, as its manifest names them. */
const PICTURES = {
  hero: {
    caption: 'home/hero',
    prompt: 'A lighthouse keeper reading by a window while the beam crosses a calm sea.',
    width: 1536,
    height: 864,
  },
  lamp: { caption: 'lamp', prompt: 'A brass oil lamp on a wooden table.', width: 1536, height: 1024 },
} as const

/**
 * Every example beside the same page made by hand: same originals, layout, `sizes` and widths, each by the defaults of
 * its means. Bytes alone say little, for these defaults differ in quality: the note says how near the pictures come to
 * their originals, as PSNR of their lightness. The packages come from the npm registry, and all run on Node 24; Chromium and Hugo must be there.
 */
export const sites: Bench = {
  name: 'Bytes of pictures that Chromium downloads, ours and made by hand',
  run: async ({ quick }) => {
    const env = environment()
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    const rows: Row[] = []
    try {
      const names = quick ? ['vite', 'html'] : Object.keys(SITES)
      for (const name of names) rows.push(...(await compare(name, browser, env)))
    } finally {
      await browser.close()
    }
    return rows
  },
}

async function compare(name: string, browser: Browser, outside: NodeJS.ProcessEnv): Promise<readonly Row[]> {
  const site = SITES[name]
  if (!site) return []
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-sites-'))
  // Not by npx, which looks for a program that no package of the site has in the registry.
  const path = `${join(folder, 'node_modules/.bin')}${delimiter}${outside['PATH'] ?? ''}`
  const env = { ...outside, PATH: path }
  try {
    install(site, folder, env)
    run(['npm', 'run', 'build'], folder, env)
    const ours = await bytesOf(browser, join(folder, site.published))
    rmSync(join(folder, site.published), { recursive: true })
    for (const path of site.without ?? []) rmSync(join(folder, path), { recursive: true, force: true })
    cpSync(join('test/bench/sites', name), folder, { recursive: true })
    mkdirSync(join(folder, site.originals), { recursive: true })
    await drawOriginals(join(folder, site.originals))
    run(site.build, folder, env)
    const theirs = site.serve
      ? await bytesOfServer(browser, { command: site.serve, folder, env })
      : await bytesOf(browser, join(folder, site.published))
    const title = `${name} ${versionOf(folder, site)}`.trim()
    return (Object.keys(VIEWPORTS) as Viewport[]).flatMap((viewport) => [
      row(`${title}, pixelkiln, ${viewport}`, ours[viewport]),
      row(`${title}, ${site.means}, ${viewport}`, theirs[viewport], ours[viewport].bytes),
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** What a browser downloaded: bytes of pictures, and how near they come to their originals. */
interface Download {
  readonly bytes: number
  readonly formats: readonly string[]
  /** Decibels, the worst of them. */
  readonly psnr: number
}

function row(what: string, { bytes, formats, psnr }: Download, ours?: number): Row {
  const ratio = ours === undefined ? '' : `, ${(bytes / ours).toFixed(2)} × ours`
  return {
    what,
    value: bytes,
    unit: 'B',
    bound: null,
    note: `${formats.join(' ')}, ${psnr.toFixed(1)} dB${ratio}`,
  }
}

function install(site: Site, folder: string, env: NodeJS.ProcessEnv): void {
  const made = /(^|\/)(node_modules|dist|public|out|build|_site|\.[^/]+)$/
  const example = join('examples', site.example)
  cpSync(example, folder, {
    recursive: true,
    filter: (from) => from === example || !made.test(from.slice(example.length)),
  })
  rmSync(join(folder, 'package-lock.json'), { force: true })
  const path = join(folder, 'package.json')
  const own = JSON.parse(readFileSync(path, 'utf8')) as { devDependencies: Record<string, string> }
  // The examples hurry, for they are built by tests.
  const manifest = join(folder, 'pixelkiln.yaml')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(', effort: { avif: 1 }', ''))
  delete own.devDependencies['pixelkiln']
  Object.assign(own.devDependencies, site.packages)
  writeFileSync(path, JSON.stringify(own))
  run(['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'], folder, env)
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  symlinkSync(process.cwd(), join(modules, 'pixelkiln'))
  symlinkSync('../pixelkiln/bin/pixelkiln.js', join(modules, '.bin/pixelkiln'))
}

async function drawOriginals(folder: string): Promise<void> {
  for (const name of ['hero', 'lamp'] as const) {
    const png = await drawOriginal(name)
    if (!folder.endsWith('/site')) writeFileSync(join(folder, `${name}.png`), png)
    else writeFileSync(join(folder, `${name}.jpg`), await sharp(png).jpeg({ quality: 80 }).toBuffer())
  }
}

async function drawOriginal(name: keyof typeof PICTURES): Promise<Uint8Array> {
  const { width, height, ...words } = PICTURES[name]
  return rasterize(drawSketch({ ...words, width, height, take: 1, mark: 'DRAFT' }), width, height)
}

async function bytesOf(browser: Browser, folder: string): Promise<Record<Viewport, Download>> {
  const server = await servePainted(folder)
  server.release()
  try {
    return await bytesAt(browser, server.url)
  } finally {
    await server.close()
  }
}

async function bytesOfServer(
  browser: Browser,
  site: { readonly command: readonly string[]; readonly folder: string; readonly env: NodeJS.ProcessEnv },
): Promise<Record<Viewport, Download>> {
  const [port, { command, folder, env }] = [4_173, site]
  const [program = '', ...args] = command
  const process = spawn(program, [...args, '-p', String(port)], { cwd: folder, env, detached: true })
  const url = `http://127.0.0.1:${port}`
  try {
    for (let attempt = 0; attempt < 100 && !(await answers(url)); attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 200))
    return await bytesAt(browser, url)
  } finally {
    if (process.pid !== undefined) globalThis.process.kill(-process.pid)
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function bytesAt(browser: Browser, url: string): Promise<Record<Viewport, Download>> {
  return {
    phone: await downloaded(browser, url, 'phone'),
    laptop: await downloaded(browser, url, 'laptop'),
  }
}

/** All pictures that a browser loads which scrolls through the page. */
async function downloaded(browser: Browser, url: string, viewport: Viewport): Promise<Download> {
  const { width, height, dpr } = VIEWPORTS[viewport]
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: dpr })
  try {
    const page = await context.newPage()
    const bodies: Promise<Buffer>[] = []
    page.on('response', (response) => {
      if (!response.url().startsWith('data:') && response.headers()['content-type']?.startsWith('image/'))
        bodies.push(response.body())
    })
    await page.goto(url)
    await page.waitForSelector('img', { state: 'attached' })
    await page.evaluate(`(async () => {
      for (const img of document.images) { img.scrollIntoView(); await img.decode() }
    })()`)
    await page.waitForLoadState('networkidle')
    const pictures = await Promise.all(bodies)
    const seen = await Promise.all(pictures.map(likeness))
    return {
      bytes: pictures.reduce((sum, { length }) => sum + length, 0),
      formats: seen.map(({ format }) => format),
      psnr: Math.min(...seen.map(({ psnr }) => psnr)),
    }
  } finally {
    await context.close()
  }
}

/** A file beside its original at its size. */
async function likeness(bytes: Buffer): Promise<{ readonly format: string; readonly psnr: number }> {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const name = Math.abs(width / height - 16 / 9) < 0.1 ? 'hero' : 'lamp'
  const whole = await drawOriginal(name)
  const original = await sharp(whole).resize({ width, height, fit: 'fill' }).greyscale().raw().toBuffer()
  const error = data.reduce((sum, value, at) => sum + (value - (original[at] ?? 0)) ** 2, 0) / data.length
  const { format, compression } = await sharp(bytes).metadata()
  return { format: compression === 'av1' ? 'avif' : format, psnr: 10 * Math.log10(255 ** 2 / error) }
}

function versionOf(folder: string, { framework }: Site): string {
  if (framework === 'hugo') return /v([\d.]+)/.exec(run(['hugo', 'version'], folder, process.env))?.[1] ?? ''
  if (framework === null) return ''
  const path = join(folder, 'node_modules', framework, 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** Without a key and on Node 24, which some frameworks need. */
function environment(): NodeJS.ProcessEnv {
  const { APIFRAME_API_KEY: _key, NODE_ENV: _env, ...rest } = process.env
  const node = run(['npx', '-y', '-p', 'node@24', 'node', '-p', 'process.execPath'], tmpdir(), rest).trim()
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`
  return { ...rest, PATH: path, CI: 'true', NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' }
}

function run(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  const [program = '', ...args] = command
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 1e8 })
  if (status === 0) return stdout
  throw new Error(`${command.join(' ')} failed in ${cwd}:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`)
}
