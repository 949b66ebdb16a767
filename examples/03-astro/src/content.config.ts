import { defineCollection } from 'astro:content'
import { pixelkilnLoader } from 'pixelkiln/astro'

export const collections = { pictures: defineCollection({ loader: pixelkilnLoader() }) }
