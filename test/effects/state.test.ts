import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { check } from '../../src/check.ts'
import { cleanState, unchanged } from '../../src/effects/unchanged.ts'
import { TOOL } from '../../src/tool.ts'
import { manifestOf, testProject } from '../support/project.ts'

it('a state with a damaged first line is as good as none, or tells the same', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A lamp' } }))
  expect((await project.build()).finished.notes).not.toEqual([])
  const path = project.path('.pixelkiln/state.bin')
  const asked = { tool: TOOL, asked: 'real pixelkiln.yaml' }
  const bytes = readFileSync(path)
  const sound = unchanged(cleanState(path, asked), project.folder)
  expect(sound?.notes.map(({ code }) => code)).toEqual(['alt/missing'])
  const text = bytes.toString('latin1')
  const flips = Array.from({ length: text.indexOf('\n') }, (_, at) => {
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (at % 7)))
    return text.slice(0, at) + flipped + text.slice(at + 1)
  })
  expect(text).toContain('"count":4')
  for (const damaged of [...flips, text.replace('"count":4', '"count":0')]) {
    writeFileSync(path, damaged, 'latin1')
    const found = unchanged(cleanState(path, asked), project.folder)
    expect([null, [sound?.outputs, 1]]).toContainEqual(found && [found.outputs, found.notes.length])
  }
  writeFileSync(path, text.replace('"inputs"', '"imputs"'), 'latin1')
  expect((await check({ cwd: project.folder })).problems).toEqual([])
})
