import Image from 'next/image'
import { Picture } from '../.pixelkiln/next/picture.js'
import { pictures } from '../.pixelkiln/next/pictures.js'

export default function Page() {
  const lamp = pictures.lamp
  return (
    <main>
      <Picture id="home/hero" sizes="100vw" priority />
      <figure>
        <Image src={lamp} alt={lamp.alt} sizes="(min-width: 30rem) 30rem, 100vw" />
      </figure>
    </main>
  )
}
