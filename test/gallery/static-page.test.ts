import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { GalleryModel } from '../../src/gallery/gallery-model.ts'
import { pageText } from '../../src/gallery/page-text.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

async function pageOf(project: TestProject, ...flags: string[]): Promise<string> {
  const run = await runCommand(['gallery', '--out', 'page.html', ...flags], { cwd: project.folder })
  expect([run.exitCode, run.errors]).toEqual([0, ''])
  return project.read('page.html')
}

function modelIn(html: string): GalleryModel {
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
  return (JSON.parse(text) as { model: GalleryModel }).model
}

describe('pixelkiln gallery', () => {
  it('writes one file beside the journal, and says where', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    const run = await runCommand(['gallery'], { cwd: project.folder })
    expect(run.exitCode).toBe(0)
    expect(run.out).toMatch(
      /^Wrote \.pixelkiln\/gallery\.html: 1 picture, \d+ kB\. Open it in a browser\.\n$/,
    )
    expect(project.read('.pixelkiln/.gitignore')).toContain('gallery.html\n')
  })

  it('points at the real files, relative to itself', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    await runCommand(['gallery', '--out', 'a/b/page.html'], { cwd: project.folder })
    const html = project.read('a/b/page.html')
    const [lamp] = modelIn(html).images
    const addresses = [...(lamp?.outputs ?? []), lamp?.original, ...(lamp?.candidates ?? [])].map(
      (file) => file?.address ?? '',
    )
    expect(addresses).toHaveLength(6)
    const folder = dirname(project.path('a/b/page.html'))
    for (const address of addresses)
      expect(existsSync(resolve(folder, decodeURIComponent(address)))).toBe(true)
  })

  it('is one text that names no other host and whose policy allows nothing but its own script and style', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    const html = await pageOf(project)
    const policy = /content-security-policy" content="([^"]+)"/.exec(html)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
    const script = /<script type="module">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
    for (const text of [style, script])
      expect(policy).toContain(createHash('sha256').update(text).digest('base64'))
    expect(html.replaceAll('http-equiv', '')).not.toMatch(/https?:\/\/|\bsrc="|\bhref="(?!data:,)/)
  })

  it('keeps hostile words of the manifest inside its data', async () => {
    const project = await testProject(
      manifestOf({ lamp: { prompt: 'A </script><img src=x onerror=y> lamp.' } }),
    )
    const html = await pageOf(project)
    expect(html).not.toContain('<img')
    expect(modelIn(html).images[0]?.prompt).toBe('A </script><img src=x onerror=y> lamp.')
  })

  it('with --embed carries one output of each image and refers to no file', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    const [lamp] = modelIn(await pageOf(project, '--embed')).images
    const addresses = lamp?.outputs.map(({ format, width, address }) => [
      format,
      width,
      address?.slice(0, 23),
    ])
    expect(addresses).toEqual([
      ['webp', 64, undefined],
      ['webp', 96, 'data:image/webp;base64,'],
      ['jpeg', 64, undefined],
      ['jpeg', 96, undefined],
    ])
    const bytes = Buffer.from(lamp?.outputs[1]?.address?.split(',')[1] ?? '', 'base64')
    expect(bytes.equals(readFileSync(project.path('images/lamp-96.webp')))).toBe(true)
  })

  it('warns when the file would be published with the pictures', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    const run = await runCommand(['gallery', '--out', 'images/all.html'], { cwd: project.folder })
    expect(run.out).toContain('lies in the asset folder')
  })

  it('shows every mistake of the manifest and writes nothing', async () => {
    const project = await testProject('version: 1\nimages: {lamp: {promt: x}}\n')
    const run = await runCommand(['gallery'], { cwd: project.folder })
    expect(run.exitCode).toBe(2)
    expect(run.errors).toContain('manifest/unknown-key')
    expect(project.exists('.pixelkiln/gallery.html')).toBe(false)
  })
})

describe('the script of the page', () => {
  it('is one module without imports in which no name is used twice', () => {
    const { script } = pageText()
    expect(script).not.toMatch(/^(import|export)\b/m)
    // Parsing is what finds a name that two modules share.
    expect(() => new Script(script)).not.toThrow()
  })
})
