import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { storeOriginal } from './support/originals.ts'
import { gradientPng } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'

// Decoders that share no code with the encoder; Debian's packages.
const PACKAGES = 'libavif-bin webp libjpeg-turbo-progs pngcheck libimage-exiftool-perl'
const MISSING = ['avifdec', 'webpinfo', 'djpeg', 'pngcheck', 'exiftool'].filter(
  (name) => spawnSync(name, ['-h']).error !== undefined,
)

interface Decoder {
  readonly command: string
  readonly args: readonly string[]
  /** Words of its answer to a file that it accepts. */
  readonly says: string
}

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['avif', { command: 'avifdec', args: ['--info'], says: 'Image decoded' }],
  ['webp', { command: 'webpinfo', args: [], says: 'No error detected' }],
  ['jpeg', { command: 'djpeg', args: ['-outfile', '/dev/null'], says: '' }],
  ['png', { command: 'pngcheck', args: [], says: 'OK' }],
])

function decoderOf(name: string): Decoder {
  const decoder = DECODERS.get(name.split('.')[1] ?? '')
  if (!decoder) throw new RangeError(`${name} has no decoder here`)
  return decoder
}

/** What a decoder says of a file; fails when it does not accept it. */
function ran(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'latin1' })
  expect(status, `${command} ${args.join(' ')}: ${stderr}`).toBe(0)
  return stdout
}

// Without them a run by hand passes this by; a run that speaks for a release may not.
describe.skipIf(MISSING.length > 0 && process.env['CI'] === undefined)('every file of a build', () => {
  it('is accepted by decoders that are not ours, and read by exiftool', async () => {
    expect(MISSING, `apt-get install -y ${PACKAGES}`).toEqual([])
    const project = await testProject('')
    const outputs = { formats: ['avif', 'webp', 'jpeg', 'png'], widths: [160, 320] }
    const image = async (alpha: boolean): Promise<object> => ({
      prompt: 'x',
      alt: 'x',
      pin: await storeOriginal(project, await gradientPng(320, 320, { noise: 20, alpha })),
      outputs: { ...outputs, provenance: { level: 'full', credit: 'Studio' } },
    })
    const images = { opaque: await image(false), clear: await image(true) }
    project.write('pixelkiln.yaml', manifestOf(images))
    expect((await project.build({ buy: false })).codes).toEqual([])
    const files = project.files('images').filter((name) => !name.endsWith('.json'))
    expect(new Set(files.map((name) => name.split('.')[1]))).toEqual(new Set(outputs.formats))
    for (const name of files) {
      const file = project.path(`images/${name}`)
      const { command, args, says } = decoderOf(name)
      expect(ran(command, [...args, file])).toContain(says)
      const read = ran('exiftool', ['-s', '-Credit', '-CreatorTool', '-Warning', '-Error', file])
      expect(read).toMatch(/CreatorTool\s+: pixelkiln/)
      expect(read).toMatch(/Credit\s+: Studio/)
      expect(read).not.toMatch(/Warning|Error/)
    }
  })
})
