import Image from 'next/image'
import hero from './hero.png'
import lamp from './lamp.png'

export default function Page() {
  return (
    <main>
      <Image src={hero} alt="Lighthouse keeper" sizes="100vw" loading="eager" fetchPriority="high" />
      <figure>
        <Image src={lamp} alt="Lamp" sizes="(min-width: 30rem) 30rem, 100vw" />
      </figure>
    </main>
  )
}
