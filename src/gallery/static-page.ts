import { dirname, join, relative, sep } from 'node:path'
import { openSession } from '../build/session.ts'
import { machineProblem } from '../build/reading.ts'
import type { ReadOptions } from '../build/options.ts'
import { look } from '../build/look.ts'
import type { Look } from '../build/reading.ts'
import type { Original } from '../core/image.ts'
import type { Problem } from '../core/problems.ts'
import { writeWhole } from '../effects/files.ts'
import { ensureStateFolder } from '../effects/state-folder.ts'
import { embeddedLinks } from './embed.ts'
import { galleryModel } from './model.ts'
import type { Links } from './model.ts'
import { originalsOf } from './originals.ts'
import { pageHtml, pageText } from './page-text.ts'

export interface StaticPageOptions extends ReadOptions {
  /** The HTML file, absolute. Default: `.pixelkiln/gallery.html`. */
  readonly file?: string
  /** Puts one output of each image and small previews into the file, so that it can be sent elsewhere. Default false. */
  readonly embed?: boolean
}

export interface StaticPage {
  /** Absolute path of the HTML file. */
  readonly file: string
  readonly images: number
  /** Size of the HTML file. */
  readonly bytes: number
  /** True when the file lies in the asset folder, where a site may publish it. */
  readonly inAssets: boolean
}

/** Writes the gallery as one HTML file that asks no host for anything. Reads the project and changes nothing in it. */
export async function writeStaticPage(
  options: StaticPageOptions,
): Promise<StaticPage | { readonly problems: readonly Problem[] }> {
  const session = openSession(options)
  const { stateFolder } = session.project
  const file = options.file ?? join(stateFolder, 'gallery.html')
  try {
    const seen = await look(session)
    if ('problems' in seen) return seen
    const originals = originalsOf(seen)
    const links =
      options.embed === true ? await embeddedLinks(seen, originals) : relativeLinks(seen, dirname(file))
    const nothing = { buying: new Map(), stopped: new Map() }
    const model = galleryModel({ seen, originals, links, nowMs: session.startedMs, ...nothing })
    const page = pageText()
    const policy = `default-src 'none'; script-src ${page.scriptHash}; style-src ${page.styleHash}; img-src 'self' file: data:; base-uri 'none'; form-action 'none'`
    const html = pageHtml(page, { model, token: null, policy })
    if (options.file === undefined) await ensureStateFolder(stateFolder)
    await writeWhole(file, html, { durable: false })
    const inAssets = !relative(seen.reading.out, file).startsWith('..')
    return { file, images: model.images.length, bytes: Buffer.byteLength(html), inAssets }
  } catch (error) {
    return { problems: [machineProblem(error)] }
  }
}

/** Addresses relative to the folder of the HTML file: pictures are shown from where they lie. */
function relativeLinks({ reading }: Look, folder: string): Links {
  const { out, store } = reading
  const address = (path: string): string =>
    relative(folder, path).split(sep).map(encodeURIComponent).join('/')
  const original = (given: Original): string | null =>
    store.look(given) === 'present' ? address(store.pathOf(given)) : null
  return { output: (path) => address(join(out, path)), original, preview: original }
}
