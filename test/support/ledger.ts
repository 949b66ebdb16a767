import { expect } from 'vitest'
import type { Emulator } from '../../src/emulator/server.ts'

/**
 * The rule about money, by the service's own books: for each idempotency key, and for each prompt, at most one charge
 * more than there were refunded failures. Prompts stand for requests: it holds for manifests whose images need one
 * purchase each. A test that means to pay again (a resubmit, a reroll) must not ask.
 */
export function expectNobodyPaidTwice(emulator: Pick<Emulator, 'ledger'>): void {
  const { keys, prompts } = emulator.ledger()
  for (const [kind, groups] of Object.entries({ keys, prompts })) {
    const paidTwice = Object.entries(groups).filter(([, { charges, refunds }]) => charges > 1 + refunds)
    expect(paidTwice, `${kind} that paid twice`).toEqual([])
  }
}

/** What the service charged and gave back for prompts that hold these words. */
export function accountOf(
  emulator: Pick<Emulator, 'ledger'>,
  words: string,
): { readonly charges: number; readonly refunds: number } {
  const jobs = emulator.ledger().jobs.filter(({ prompt }) => prompt.includes(words))
  return { charges: jobs.length, refunds: jobs.filter(({ refunded }) => refunded).length }
}
