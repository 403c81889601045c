import type { Outcome } from './outcome.ts'

/** What --json prints. */
export const jsonOutcome = (value: unknown, ok = true): Outcome => ({
  text: `${JSON.stringify(value, null, 2)}\n`,
  ok,
})
