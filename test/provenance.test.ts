import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { xmpPacket } from '../src/core/provenance.ts'
import { readLock } from '../src/core/read-lock.ts'
import type { LockRecord } from '../src/core/lock.ts'
import { findC2pa } from '../src/effects/find-c2pa.ts'
import { pngChunk } from '../src/effects/png-chunk.ts'
import { sharp } from '../src/effects/sharp.ts'
import { originalsOf, storeOriginal } from './support/originals.ts'
import { gradient, gradientPng } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'
// A JPEG of full quality: beside it no other file of so small a picture is dropped.
const ALL = {
  formats: ['avif', 'webp', 'jpeg', 'png'],
  widths: [64],
  effort: { avif: 0 },
  quality: { avif: 40, webp: 40, jpeg: 100 },
}
const TRAINED = 'digitalsourcetype/trainedAlgorithmicMedia"'
const DRAWN = 'digitalsourcetype/algorithmicMedia"'

function manifest(provenance: unknown, more: object = {}): string {
  const outputs = provenance === undefined ? ALL : { ...ALL, provenance }
  return manifestOf({ a: { prompt: 'A calm sea', alt: 'The sea', outputs, ...more } })
}

/** The packet of each file, and that there is one in every one of them or in none. */
async function packetOf(project: TestProject): Promise<string | null> {
  const packets = await Promise.all(
    ALL.formats.map(async (format) => {
      const { xmpAsString } = await sharp(readFileSync(project.path(`images/a-64.${format}`))).metadata()
      return xmpAsString ?? null
    }),
  )
  expect(new Set(packets).size).toBe(1)
  return packets[0] ?? null
}

function boughtOf(project: TestProject): LockRecord | null | undefined {
  const read = readLock({ file: LOCK, text: project.read(LOCK) })
  return 'lock' in read ? read.lock.images.get('a')?.bought : null
}

describe('provenance', () => {
  it('says by default in every format who made a picture and how, and no free text', async () => {
    const project = await testProject(manifest(undefined))
    await project.build()
    const packet = await packetOf(project)
    expect(packet).toContain(TRAINED)
    expect(packet).toContain('AISystemUsed="apiframe"')
    expect(packet).toContain('AISystemVersionUsed="dall-e-3"')
    expect(packet).toContain('CreatorTool="pixelkiln"')
    expect(packet).not.toContain('sea')
    expect(packet?.length).toBeLessThan(550)
    project.write('pixelkiln.yaml', manifest(undefined, { alt: 'The seas' }))
    expect((await project.build()).finished.encoded).toBe(0)
  })

  it('of a stand-in says that a program drew it', async () => {
    const project = await testProject(manifest(undefined))
    await project.build({ draft: true })
    const packet = await packetOf(project)
    expect(packet).toContain(DRAWN)
    expect(packet).not.toContain('AISystem')
  })

  it('says nothing when it is off, and its change is free work', async () => {
    const project = await testProject(manifest('off'))
    await project.build()
    expect(await packetOf(project)).toBeNull()
    project.write('pixelkiln.yaml', manifest('iptc'))
    expect((await project.build()).finished).toMatchObject({ bought: 0, encoded: 4 })
    expect(await packetOf(project)).toContain(TRAINED)
  })

  it('in full has the alt text and the credit, and the prompt only when asked', async () => {
    const project = await testProject(manifest('full'))
    await project.build()
    expect(await packetOf(project)).toContain('>The sea<')
    expect(await packetOf(project)).not.toContain('calm')
    const credit = 'A & B "Studio" <x>\u0007'
    project.write('pixelkiln.yaml', manifest({ credit, prompt: true }))
    await project.build()
    const packet = await packetOf(project)
    expect(packet).toContain('photoshop:Credit="A &amp; B &quot;Studio&quot; &lt;x&gt;"')
    expect(packet).toContain('AIPromptInformation="A calm sea"')
  })

  it('claims nothing of a picture that nobody saw being made', async () => {
    const project = await testProject('')
    const pin = await storeOriginal(project, await gradientPng(96, 96))
    project.write('pixelkiln.yaml', manifest(undefined, { pin }))
    await project.build({ buy: false })
    expect(await packetOf(project)).toBeNull()
    expect(boughtOf(project)?.model).toBe('unknown')
    project.write('pixelkiln.yaml', manifest('full', { pin }))
    await project.build({ buy: false })
    expect(await packetOf(project)).not.toContain('DigitalSourceType')
    expect(await packetOf(project)).toContain('>The sea<')
  })

  it('lies uncompressed in a PNG, right behind its header', async () => {
    const project = await testProject(manifest(undefined))
    await project.build()
    const png = readFileSync(project.path('images/a-64.png'))
    expect(png.toString('latin1', 37, 41)).toBe('iTXt')
    expect(png.includes('XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta', 41, 'latin1')).toBe(true)
    expect(png.includes('zTXt')).toBe(false)
  })

  it('holds whatever a provider calls its model without breaking the packet', () => {
    const nothing = { description: null, credit: null, prompt: null }
    const model = 'x"/><script>\u0000\uD800&'
    const packet = xmpPacket({ source: 'trainedAlgorithmicMedia', system: 'studio', model, ...nothing })
    expect(packet).toContain('AISystemVersionUsed="x&quot;/&gt;&lt;script&gt;&amp;"')
    const long = xmpPacket({
      source: null,
      system: null,
      model: null,
      ...nothing,
      prompt: '😀'.repeat(9_000),
    })
    expect(Buffer.byteLength(long)).toBeLessThan(65_000)
    expect(Buffer.from(long).toString('utf8')).not.toContain('\uFFFD')
  })
})

/** A JUMBF box as C2PA begins it, with a claim that names its generator in CBOR. */
const MANIFEST = Buffer.concat([
  Buffer.from([0, 0, 0, 0]),
  Buffer.from('jumb\0\0\0\u001ejumdc2pa\0\u0011\0\u0010\0\0\0\0\0\0\0\0\0\0c2pa\0', 'latin1'),
  Buffer.from([0x6f]),
  Buffer.from('claim_generator', 'latin1'),
  Buffer.from([0x78, 24]),
  Buffer.from('OpenAI-API/1.0 c2pa-rs/1', 'latin1'),
])
MANIFEST.writeUInt32BE(MANIFEST.length, 0)

describe('a C2PA manifest that comes with an original', () => {
  it.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    'is found in a %s, with its generator',
    async (format) => {
      const bare = await gradient(60, 40).toFormat(format).toBuffer()
      expect(findC2pa(bare, format)).toBeNull()
      const found = findC2pa(withC2pa(bare, format), format)
      expect(found?.generator).toBe('OpenAI-API/1.0 c2pa-rs/1')
      expect(found?.sha256).toBe(findC2pa(withC2pa(bare, format), format)?.sha256)
      expect(await sharp(withC2pa(bare, format)).metadata()).toMatchObject({ width: 60 })
    },
  )

  it('is recorded in the lock, and the store keeps the bytes as they came', async () => {
    const project = await testProject('')
    const bytes = withC2pa(await gradient(96, 96).png().toBuffer(), 'png')
    const pin = await storeOriginal(project, bytes)
    project.write('pixelkiln.yaml', manifest(undefined, { pin }))
    await project.build({ buy: false })
    expect(boughtOf(project)?.original.c2pa).toEqual(findC2pa(bytes, 'png'))
    const text = project.read(LOCK)
    expect((await project.build({ buy: false })).finished.fresh).toBe(1)
    expect(project.read(LOCK)).toBe(text)
    const [name = ''] = originalsOf(project)
    expect(readFileSync(project.path(`.pixelkiln/originals/${name}`))).toEqual(Buffer.from(bytes))
  })

  it.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    'that is cut off or is no such thing finds nothing in a %s',
    async (format) => {
      const whole = withC2pa(await gradient(60, 40).toFormat(format).toBuffer(), format)
      for (let length = 0; length < whole.length; length += 7) {
        expect(() => findC2pa(whole.subarray(0, length), format)).not.toThrow()
      }
    },
  )
})

/** Puts the manifest where each container keeps it. */
function withC2pa(bytes: Uint8Array, format: 'png' | 'jpeg' | 'webp' | 'avif'): Uint8Array {
  const file = Buffer.from(bytes)
  const size = Buffer.alloc(4)
  switch (format) {
    case 'png':
      return Buffer.concat([file.subarray(0, 33), pngChunk('caBX', MANIFEST), file.subarray(33)])
    case 'jpeg': {
      const body = Buffer.concat([Buffer.from('JP\0\u0001\0\0\0\u0001', 'latin1'), MANIFEST])
      size.writeUInt16BE(body.length + 2, 2)
      return Buffer.concat([
        file.subarray(0, 2),
        Buffer.from([0xff, 0xeb]),
        size.subarray(2),
        body,
        file.subarray(2),
      ])
    }
    case 'webp': {
      const padded = Buffer.concat([MANIFEST, Buffer.alloc(MANIFEST.length % 2)])
      size.writeUInt32LE(MANIFEST.length)
      const whole = Buffer.concat([file, Buffer.from('C2PA', 'latin1'), size, padded])
      whole.writeUInt32LE(whole.length - 8, 4)
      return whole
    }
    case 'avif': {
      const uuid = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')
      const purpose = Buffer.from('\0\0\0\0manifest\0\0\0\0\0\0\0\0\0', 'latin1')
      const box = Buffer.concat([Buffer.from('uuid', 'latin1'), uuid, purpose, MANIFEST])
      size.writeUInt32BE(box.length + 4)
      return Buffer.concat([file, size, box])
    }
  }
}
