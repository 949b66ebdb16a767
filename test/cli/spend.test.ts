import { expect, it } from 'vitest'
import type { Ledger } from '../../src/core/spend.ts'
import { KEY, manifestOf, testProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const TWO = manifestOf({
  'home/hero': { prompt: 'A lighthouse at dusk', model: 'dall-e-3', alt: 'Lighthouse' },
  'shop/mug': { prompt: 'An enamel mug', model: 'imagen-4', alt: 'Mug' },
})

async function ledgerIn(
  folder: string,
  ...words: readonly string[]
): Promise<Ledger & { readonly today: number; readonly dayBudget: number | null }> {
  const { exitCode, out, errors } = await runCommand(['spend', '--json', ...words], { cwd: folder })
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
  return JSON.parse(out) as Awaited<ReturnType<typeof ledgerIn>>
}

it('shows what two builds cost, to the credit the service took', async () => {
  const project = await testProject(TWO)
  await project.build({ only: ['home/hero'] })
  await project.build()
  const ledger = await ledgerIn(project.folder)
  const charged = project.emulator.ledger().jobs.reduce((sum, { credits }) => sum + credits, 0)
  expect(charged).toBeGreaterThan(0)
  expect(ledger.total).toEqual({ credits: charged, purchases: 2, pictures: 2, unpriced: 0 })
  expect(ledger.runs).toHaveLength(2)
  expect(ledger.days.reduce((sum, { credits }) => sum + credits, 0)).toBe(charged)
  expect(ledger.images.map(({ images }) => images)).toEqual([['home/hero'], ['shop/mug']])
  const { out } = await runCommand(['spend'], { cwd: project.folder })
  expect(out).toContain(`${charged} credits`)
  expect(out).toMatch(/^home\/hero +21 +1 +1$/m)
})

it('keeps a refusal apart: its credits came back', async () => {
  const project = await testProject(TWO, {
    faults: [{ fault: 'failed-policy', when: { model: 'imagen-4' } }],
  })
  await project.build()
  const { total, refunded } = await ledgerIn(project.folder)
  expect(total).toMatchObject({ credits: 21, purchases: 1 })
  expect(refunded.map(({ images }) => images)).toEqual([['shop/mug']])
})

it('keeps apart what may have been charged and nobody can say', async () => {
  const project = await testProject(TWO, {
    faults: [{ fault: 'failed-unrefunded', when: { model: 'imagen-4' } }],
  })
  await project.build()
  const { total, inDoubt } = await ledgerIn(project.folder)
  expect(total.purchases).toBe(1)
  expect(inDoubt.map(({ images, model }) => [images, model])).toEqual([[['shop/mug'], 'imagen-4']])
  const { out } = await runCommand(['spend'], { cwd: project.folder })
  expect(out).toMatch(/^in doubt +7 credits for shop\/mug /m)
})

it('shows the ledger of the emulator apart from the real one', async () => {
  const project = await testProject(TWO)
  await project.build({
    emulator: true,
    service: () => Promise.resolve({ baseUrl: project.emulator.url, apiKey: KEY }),
  })
  expect((await ledgerIn(project.folder)).total.purchases).toBe(0)
  expect((await ledgerIn(project.folder, '--emulator')).total.purchases).toBe(2)
})

it("compares today with the config's budget for a day", async () => {
  const project = await testProject(TWO)
  project.write('.pixelkilnrc.json', JSON.stringify({ budget: { day: 500 } }))
  await project.build()
  expect(await ledgerIn(project.folder)).toMatchObject({ today: 28, dayBudget: 500 })
  expect((await runCommand(['spend'], { cwd: project.folder })).out).toMatch(/28 of the 500 credits/)
})

it('needs neither a manifest nor a journal', async () => {
  const project = await testProject('this: is: no manifest')
  const { exitCode, out } = await runCommand(['spend'], { cwd: project.folder })
  expect(exitCode).toBe(0)
  expect(out).toMatch(/^Nothing was bought/)
})

it('refuses a damaged journal with its code', async () => {
  const project = await testProject(TWO)
  await project.build()
  const [first = '', ...rest] = project.read('.pixelkiln/journal.jsonl').split('\n')
  project.write('.pixelkiln/journal.jsonl', [first.replace('dall-e-3', 'dall-e-2'), ...rest].join('\n'))
  const told = await runCommand(['spend'], { cwd: project.folder })
  expect(told).toMatchObject({ exitCode: 2, out: '' })
  expect(told.errors).toMatch(/^journal\/damaged: /)
  const { exitCode, out } = await runCommand(['spend', '--json'], { cwd: project.folder })
  const { problems } = JSON.parse(out) as { readonly problems: readonly { readonly code: string }[] }
  expect([exitCode, problems.map(({ code }) => code)]).toEqual([2, ['journal/damaged']])
})
