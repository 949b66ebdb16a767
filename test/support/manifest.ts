import type { Image } from '../../src/core/image.ts'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import type { ManifestReading } from '../../src/core/manifest/read-tree.ts'
import { testCatalog } from './test-catalog.ts'

/** Reads a manifest's text against the small model table. */
export function read(text: string): ManifestReading {
  return readManifest({ file: 'pixelkiln.yaml', text }, testCatalog)
}

/** Reads images written as YAML below `images:`, with whatever stands above. */
export function readImages(images: string, top = ''): ManifestReading {
  const indented = images.replaceAll(/^(?=.)/gm, '  ')
  return read(`version: 1\n${top}images:\n${indented}\n`)
}

/** The images of a manifest without problems, by id. */
export function imagesOf(reading: ManifestReading): Readonly<Record<string, Image>> {
  if (!reading.manifest) throw new Error(transcript(reading))
  return Object.fromEntries(reading.manifest.images.map((image) => [image.id, image]))
}

/** The one image of a manifest. */
export function imageOf(images: string, top = ''): Image {
  const [image] = Object.values(imagesOf(readImages(images, top)))
  if (!image) throw new Error('the manifest has no image')
  return image
}

/** `code line:column` of every problem, in order. */
export function codesAt(reading: ManifestReading): readonly string[] {
  return reading.problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)
}

export function codes(reading: ManifestReading): readonly string[] {
  return reading.problems.map(({ code }) => code)
}

/** Everything as a person would read it. */
export function transcript(reading: ManifestReading): string {
  return [...reading.problems, ...reading.unsupported]
    .map(
      ({ code, message, place }) => `${place?.line}:${place?.column} ${code}\n${message}\n${place?.excerpt}`,
    )
    .join('\n')
}
