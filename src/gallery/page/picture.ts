import { cropAround } from '../../core/crop-around.ts'
import type { GalleryImage, GalleryOriginal, GalleryOutput } from '../gallery-model.ts'
import { element, withProperty } from './element.ts'
import { altWords } from './words.ts'

const MEDIA_TYPES = { avif: 'image/avif', webp: 'image/webp', jpeg: 'image/jpeg', png: 'image/png' }

type There = GalleryOutput & { readonly address: string }

/** The files that the site ships, as the site would show them; null when none is there. */
export function outputPicture(image: GalleryImage, sizes: string): HTMLElement | null {
  const there = image.outputs.filter((output): output is There => output.address !== null)
  const formats = [...new Set(there.map(({ format }) => format))]
  const fallback = there.filter(({ format }) => format === formats.at(-1))
  const middle = fallback[Math.floor(fallback.length / 2)]
  if (!middle) return null
  const sources = formats.slice(0, -1).map((format) =>
    element('source', {
      type: MEDIA_TYPES[format],
      srcset: srcset(there.filter((output) => output.format === format)),
      sizes,
    }),
  )
  const shown = element('img', {
    alt: altWords(image),
    // Before `src`: Safari decides on lazy loading when it meets the address.
    loading: 'lazy',
    decoding: 'async',
    width: middle.width,
    height: middle.height,
    sizes,
    srcset: srcset(fallback),
    src: middle.address,
  })
  if (image.placeholder)
    withProperty(shown, '--blurred', `url("data:image/webp;base64,${image.placeholder.image}")`)
  return element('picture', {}, ...sources, shown)
}

function srcset(outputs: readonly There[]): string {
  return outputs.map(({ address, width }) => `${address} ${width}w`).join(', ')
}

/** An original cut to the image's shape around its focus point, as the outputs would be. */
export function cutOriginal(image: GalleryImage, original: GalleryOriginal, alt: string): HTMLElement {
  const address = original.preview ?? original.address
  if (address === null)
    return element('p', { class: 'absent' }, 'The store does not have the bytes of this one.')
  const shown = element('img', { alt, loading: 'lazy', decoding: 'async', src: address, draggable: 'false' })
  if (image.fit === 'contain') shown.style.objectFit = 'contain'
  const kept = cropAround(original, image, image.point ?? [0.5, 0.5])
  const across = sharePlaced(kept.left, original.width - kept.width)
  const down = sharePlaced(kept.top, original.height - kept.height)
  shown.style.objectPosition = `${across} ${down}`
  return shown
}

function sharePlaced(offset: number, room: number): string {
  return room === 0 ? '50%' : `${(100 * offset) / room}%`
}

/** A box in the image's shape, so that nothing moves when what is in it arrives. */
export function shapedFrame(
  image: GalleryImage,
  ...children: readonly (Node | string | null)[]
): HTMLElement {
  const frame = element('div', { class: 'frame' }, ...children)
  return withProperty(frame, '--ratio', String(image.aspect.width / image.aspect.height))
}
