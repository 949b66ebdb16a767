import hero from './hero.png?w=480;1200;1536&format=avif;webp;jpg&as=picture'
import lamp from './lamp.png?w=480;1200&format=avif;webp;jpg&as=picture'

document.querySelector('main').innerHTML =
  picture(hero, 'sizes="100vw"', 'alt="Lighthouse keeper" fetchpriority="high"') +
  `<figure>${picture(lamp, 'sizes="auto, (min-width: 30rem) 30rem, 100vw"', 'alt="Lamp" loading="lazy"')}</figure>`

function picture({ sources, img }, sizes, more) {
  const list = Object.entries(sources).map(
    ([format, srcset]) => `<source type="image/${format}" ${sizes} srcset="${srcset}">`,
  )
  return `<picture>${list.join('')}<img ${sizes} src="${img.src}" width="${img.w}" height="${img.h}" ${more}></picture>`
}
