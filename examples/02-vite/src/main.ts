import type { SitePicture } from 'pixelkiln/vite'
import hero from 'virtual:pixelkiln/home/hero'
import lamp from 'virtual:pixelkiln/lamp'

const figure = document.createElement('figure')
figure.append(show(lamp, { sizes: 'auto, (min-width: 30rem) 30rem, 100vw' }))
document
  .querySelector('main')
  ?.append(show(hero, { sizes: '100vw', loading: 'eager', fetchpriority: 'high' }), figure)

/** What `<picture>` components of React, Vue, Solid … do: spread `attributes`, one `<source>` per format. */
function show(
  { sources, attributes }: SitePicture,
  more: { readonly sizes: string } & Readonly<Record<string, string>>,
): HTMLPictureElement {
  const picture = document.createElement('picture')
  for (const [format, srcset] of Object.entries(sources)) {
    picture.append(element('source', { type: `image/${format}`, srcset, sizes: more.sizes }))
  }
  picture.append(element('img', { ...attributes, ...more }))
  return picture
}

function element(tag: string, attributes: Readonly<Record<string, string | number>>): HTMLElement {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  return made
}
