import { describe, expect, it } from 'vitest'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import { manifestOf } from './support/project.ts'

interface Studio {
  readonly prepare?: string
  readonly poll?: string
  readonly price?: string
  readonly prices?: object
}

/** A config with a provider that is an instance of a class, as people write them; its service is the emulator. */
function studioOf({ prepare = '', poll = '', price = '21', prices = {} }: Studio): string {
  return `
class Studio {
  contract = 1
  name = 'studio'
  revision = '1'
  idempotent = true
  #path = '/v2/'
  check() { return [] }
  aspects() { return ['1:1'] }
  perJob() { return { min: 1, max: 1 } }
  price() { return ${price} }
  prepare({ prompt }) { ${prepare}; return JSON.stringify({ prompt, model: 'dall-e-3' }) }
  async submit({ key, body }, io) {
    const reply = await io.send({ method: 'POST', path: this.#path + 'images/generate', body, idempotencyKey: key })
    return { type: 'accepted', job: reply.json.jobId }
  }
  async poll(job, io) {
    ${poll}
    const { json } = await io.send({ method: 'GET', path: this.#path + 'jobs/' + job })
    if (json.status !== 'COMPLETED') return { type: 'running', progress: null }
    const pictures = json.result.images.map((url) => ({ type: 'url', url }))
    return { type: 'completed', pictures, credits: json.creditCost, expired: false }
  }
  async find() { return { type: 'unknown' } }
}
export default { providers: [new Studio()], prices: ${JSON.stringify(prices)} }
`
}

const MANIFEST = manifestOf({ a: { prompt: 'A lamp.', model: 'studio/one' }, b: LAMP_AND_MUG.b })
const BUILT = { said: [], exit: 0, paid: [1, 0], journal: ['stored'], files: ['a', 'b'] }

describe('a provider written in code', () => {
  it('is bought from like any other', async () => {
    const rig = await moneyRig(MANIFEST)
    rig.project.write('pixelkiln.config.mjs', studioOf({}))
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  })

  it('has the price of the config where it knows none, and what its pictures came to where that is more', async () => {
    const rig = await moneyRig(MANIFEST)
    rig.project.write('pixelkiln.config.mjs', studioOf({ price: 'null' }))
    expect((await rig.build(undefined, { budget: 100 })).codes).toEqual(['budget/unknown-price'])
    rig.project.write('pixelkiln.config.mjs', studioOf({ price: 'null', prices: { 'studio/one': 9 } }))
    expect((await rig.build(undefined, { budget: 29 })).codes).toEqual(['budget/exceeded'])
    expect(standingAfter(await rig.build(undefined, { budget: 30 }), rig)).toEqual(BUILT)
    rig.project.write('pixelkiln.yaml', manifestOf({ c: { prompt: 'A jug.', model: 'studio/one' } }))
    expect((await rig.build(undefined, { budget: 20 })).codes).toEqual(['budget/exceeded'])
    expect((await rig.build(undefined, { budget: 21 })).exitCode).toBe(0)
  })

  it('that throws when it is to make a request is sent none, and holds up no other', async () => {
    const rig = await moneyRig(
      manifestOf({ a: { prompt: 'A lamp.', model: 'studio/one' }, c: { prompt: 'A jug.' } }),
    )
    rig.project.write('pixelkiln.config.mjs', studioOf({ prepare: 'throw new TypeError("no prompt")' }))
    const run = await rig.build()
    expect([run.codes, run.exitCode]).toEqual([['purchase/failed'], 4])
    expect(run.result.problems[0]).toMatchObject({ image: 'a' })
    expect(run.result.problems[0]?.message).toContain('could not make its request: no prompt.')
    expect([rig.project.bought(), rig.project.exists('images/c-64.webp')]).toEqual([1, true])
    rig.project.write('pixelkiln.config.mjs', studioOf({}))
    expect((await rig.build()).codes).toEqual([])
    expect(rig.project.bought()).toBe(2)
  })

  it('that throws when it is asked after a job holds up no other, and its picture comes with the next run', async () => {
    const rig = await moneyRig(MANIFEST)
    rig.project.write('pixelkiln.config.mjs', studioOf({ poll: 'throw new TypeError("no json")' }))
    const thrown = {
      said: ['purchase/not-finished a'],
      exit: 4,
      paid: [1, 0],
      journal: ['accepted'],
      files: ['b'],
    }
    const run = await rig.build()
    expect(standingAfter(run, rig)).toEqual(thrown)
    expect(run.result.problems[0]?.message).toContain('no json')
    rig.project.write('pixelkiln.config.mjs', studioOf({}))
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  })

  it('that lets a broken network through is asked again, as long as any job', async () => {
    const rig = await moneyRig(MANIFEST)
    rig.project.write('pixelkiln.config.mjs', studioOf({}))
    rig.project.emulator.control.addFault({
      fault: 'reset',
      when: { route: 'job', prompt: 'lamp', times: 60 },
    })
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  })
})
