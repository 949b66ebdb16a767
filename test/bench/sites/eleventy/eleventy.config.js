import Image from '@11ty/eleventy-img'

export default function (config) {
  config.addPassthroughCopy('style.css')
  config.addShortcode('image', async (file, widths, attributes) =>
    Image.generateHTML(
      await Image(file, { widths, formats: ['avif', 'webp', 'jpeg'], outputDir: '_site/img/' }),
      attributes,
    ),
  )
}
