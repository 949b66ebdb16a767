import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const PAGE = '<!doctype html>\r\n<main>\r\n  <picture data-pixelkiln="a"></picture>\r\n</main>\r\n'

async function builtProject(top: Readonly<Record<string, unknown>> = {}): Promise<TestProject> {
  const images = { a: { prompt: 'A lamp', alt: 'A lamp' }, b: { prompt: 'A mug' } }
  const project = await testProject(manifestOf(images, { out: 'public/images', ...top }))
  await project.build()
  return project
}

it('pages are filled with addresses that lead from each page to the asset folder', async () => {
  const project = await builtProject()
  project.write('public/index.html', PAGE)
  project.write('public/blog/deep/post.html', PAGE)
  project.write('public/node_modules/x.html', PAGE)
  project.write('public/other.txt', PAGE)
  const run = await runCommand(['inject', 'public/**/*.html'], { cwd: project.folder })
  expect(run).toEqual({
    exitCode: 0,
    out: 'filled public/blog/deep/post.html\nfilled public/index.html\n',
    errors: '',
  })
  expect(project.read('public/index.html')).toContain(' src="images/a-96.jpeg"')
  expect(project.read('public/blog/deep/post.html')).toContain(' src="../../images/a-96.jpeg"')
  expect(project.read('public/index.html').match(/\r\n/g)).toHaveLength(7)
  expect(project.read('public/index.html').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect([project.read('public/node_modules/x.html'), project.read('public/other.txt')]).toEqual([PAGE, PAGE])
  const again = await runCommand(['inject', 'public'], { cwd: project.folder })
  expect(again).toEqual({ exitCode: 0, out: '2 pages: nothing to do.\n', errors: '' })
})

it('with --check a page that would change fails and stays', async () => {
  const project = await builtProject({ url: '/img' })
  project.write('index.html', PAGE)
  const stale = await runCommand(['inject', '--check', 'index.html'], { cwd: project.folder })
  expect([stale.exitCode, stale.errors]).toEqual([
    3,
    'stale/page: index.html would change. Run "pixelkiln inject index.html".\n',
  ])
  expect(project.read('index.html')).toBe(PAGE)
  await runCommand(['inject', 'index.html'], { cwd: project.folder })
  expect(project.read('index.html')).toContain(' src="/img/a-96.jpeg"')
  expect((await runCommand(['inject', '--check', 'index.html'], { cwd: project.folder })).exitCode).toBe(0)
})

it('with a problem in one page, none is written', async () => {
  const project = await builtProject()
  project.write('good.html', PAGE)
  project.write('bad.html', '<p>\n<img data-pixelkiln="aa">\n<img data-pixelkiln="b">')
  const run = await runCommand(['inject', 'good.html', 'bad.html', 'none/*.html'], { cwd: project.folder })
  expect(run).toMatchObject({ exitCode: 2, out: '' })
  expect(run.errors).toBe(
    'usage/wrong: There is no page "none/*.html".\n' +
      'usage/image-unknown: No image is named "aa". Did you mean "a"?\n' +
      '  bad.html:2:6\n    2 | <img data-pixelkiln="aa">\n             ^\n' +
      'markup/alt-missing: "b" has no alt text. Give it "alt" in the manifest, or "decorative: true" if it says nothing to a reader.\n' +
      '  bad.html:3:6\n    3 | <img data-pixelkiln="b">\n             ^\n',
  )
  expect(project.read('good.html')).toBe(PAGE)
})

it('a page keeps its rights and its place behind a link, and one that is not UTF-8 is left alone', async () => {
  const project = await builtProject()
  project.write('real.html', PAGE)
  chmodSync(project.path('real.html'), 0o640)
  symlinkSync('real.html', project.path('link.html'))
  expect((await runCommand(['inject', 'link.html'], { cwd: project.folder })).exitCode).toBe(0)
  expect(project.read('real.html')).toContain('<source')
  expect(statSync(project.path('real.html')).mode & 0o777).toBe(0o640)
  writeFileSync(project.path('latin.html'), Buffer.from([0xe4, 0x3c]))
  expect((await runCommand(['inject', 'latin.html'], { cwd: project.folder })).errors).toContain(
    'markup/page',
  )
})

it('the markup of one image is printed, or what is wrong with it', async () => {
  const project = await builtProject({ url: '/img' })
  const html = async (...words: string[]): Promise<{ exitCode: number; out: string; errors: string }> =>
    runCommand(['html', ...words], { cwd: project.folder })
  expect(await html('a', '--sizes', '50vw', '--priority', '--class', 'wide')).toEqual({
    exitCode: 0,
    out:
      '<picture>\n' +
      '  <source type="image/webp" sizes="50vw" srcset="/img/a-64.webp 64w, /img/a-96.webp 96w">\n' +
      '  <img loading="eager" fetchpriority="high" decoding="async" sizes="50vw" srcset="/img/a-96.jpeg 96w" src="/img/a-96.jpeg" width="96" height="96" alt="A lamp" class="wide">\n' +
      '</picture>\n',
    errors: '',
  })
  expect((await html('b', '--decorative')).out).toContain('alt=""')
  expect((await html('b')).errors).toContain('markup/alt-missing')
  expect((await html('c')).exitCode).toBe(2)
  expect((await html('a', '--placeholder', 'big')).exitCode).toBe(2)
})
