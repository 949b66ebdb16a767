// One way of making the same files, in a process of its own: `node rival-run.mjs NAME INPUT_FOLDER OUTPUT_FOLDER`. It runs in
// the temp folder where the packages are; settings are equal as far as each tool lets them be set.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const WIDTHS = [480, 960, 1536]
const AVIF = { quality: 57, effort: 3, chromaSubsampling: '4:4:4', bitdepth: 10 }
const WEBP = { quality: 80, effort: 4 }
const JPEG = { quality: 78, mozjpeg: true }
const [name, from, to] = process.argv.slice(2)
const names = readdirSync(from)
mkdirSync(to, { recursive: true })

const RIVALS = {
  'eleventy-img': async () => {
    const { default: Image } = await import('@11ty/eleventy-img')
    const options = {
      widths: WIDTHS,
      formats: ['avif', 'webp', 'jpeg'],
      outputDir: to,
      useCache: false,
      sharpAvifOptions: AVIF,
      sharpWebpOptions: WEBP,
      sharpJpegOptions: JPEG,
    }
    await Promise.all(names.map((file) => Image(join(from, file), options)))
  },
  'imagetools-core': async () => {
    const { applyTransforms, builtins, generateTransforms } = await import('imagetools-core')
    const { default: sharp } = await import('sharp')
    const settings = { avif: AVIF, webp: WEBP, jpeg: JPEG }
    const jobs = names.flatMap((file) =>
      WIDTHS.flatMap((width) =>
        Object.keys(settings).map((format) => ({ file, format, config: { w: String(width), format } })),
      ),
    )
    await Promise.all(
      jobs.map(async ({ file, format, config }) => {
        const { transforms } = generateTransforms(config, builtins, new URLSearchParams(config))
        const { image } = await applyTransforms(transforms, sharp(readFileSync(join(from, file))))
        // Its directives know neither mozjpeg nor ten bits, but it answers with an image of sharp, which does.
        const bytes = await image.toFormat(format, settings[format]).toBuffer()
        writeFileSync(join(to, `${file}-${config.w}.${format}`), bytes)
      }),
    )
  },
  'sharp-cli': async () => {
    const formats = {
      avif: ['-q', '57', '--effort', '3'],
      webp: ['-q', '80'],
      jpeg: ['-q', '78', '--mozjpeg'],
    }
    for (const width of WIDTHS) {
      for (const [format, flags] of Object.entries(formats)) {
        const folder = join(to, String(width))
        mkdirSync(folder, { recursive: true })
        const inputs = names.map((file) => join(from, file))
        const args = ['-i', ...inputs, '-o', folder, '-f', format, ...flags, 'resize', String(width)]
        const { status, stderr } = spawnSync('node_modules/.bin/sharp', args, { encoding: 'utf8' })
        if (status !== 0) throw new Error(stderr)
      }
    }
  },
  astro: async () => {
    const { default: service } = await import('astro/assets/services/sharp')
    const config = { service: { config: { avif: AVIF, webp: WEBP, jpeg: JPEG } } }
    const jobs = names.flatMap((file) =>
      WIDTHS.flatMap((width) => ['avif', 'webp', 'jpeg'].map((format) => ({ file, width, format }))),
    )
    // As `astro build` does it: a queue of as many transforms as there are cores.
    const next = jobs.values()
    const worker = async () => {
      for (const job of next) {
        const { data } = await service.transform(
          readFileSync(join(from, job.file)),
          { src: job.file, ...job },
          config,
        )
        writeFileSync(join(to, `${job.file}-${job.width}.${job.format}`), data)
      }
    }
    await Promise.all(cpus().map(worker))
  },
  pixelkiln: async () => {
    const dist = process.env.PIXELKILN_DIST
    const { openEncoder } = await import(`${dist}/effects/open-encoder.js`)
    const { sha256Of } = await import(`${dist}/effects/files.js`)
    const { outputsOf } = await import(`${dist}/core/recipes.js`)
    const { readManifest } = await import(`${dist}/core/manifest/read-manifest.js`)
    const { catalog } = await import(`${dist}/providers/catalog.js`)
    const text = 'version: 1\nimages: { one: { prompt: x, aspect: "3:2", focus: center } }\n'
    const { recipe } = readManifest({ file: 'pixelkiln.yaml', text }, catalog).manifest.images[0]
    const encoder = openEncoder(names.length)
    const outputs = outputsOf(recipe, { width: 1536, height: 1024 })
    const next = names.values()
    const worker = async () => {
      for (const file of next) {
        const onOutput = async ({ format, width, bytes }) =>
          writeFileSync(join(to, `${file}-${width}.${format}`), bytes)
        const path = join(from, file)
        const original = { path, sha256: sha256Of(readFileSync(path)) }
        await encoder.encode({ original, recipe, outputs, xmp: null, onOutput })
      }
    }
    await Promise.all(Array.from({ length: encoder.slots + 1 }, worker))
    return encoder.close
  },
}

const began = performance.now()
const close = await RIVALS[name]()
const wallMs = performance.now() - began
const cpuMs = ['self', ...childrenOf('self')].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
close?.()
process.stdout.write(JSON.stringify({ wallMs, cpuMs }))

// CPU time of a process and of the ended ones it started, which stands there in hundredths of a second; Linux only.
function cpuMsOf(pid) {
  const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 15)
  return ticks.reduce((sum, tick) => sum + Number(tick) * 10, 0)
}

function childrenOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const lines = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'))
  return lines.join('').split(' ').filter(Boolean)
}
