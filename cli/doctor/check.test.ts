import { expect, test } from 'vitest'
import { runCheck } from './check.ts'

test('a check that never settles becomes a finding', async () => {
  const check = { name: 'hanging', run: () => new Promise<never>(() => {}) }
  expect(await runCheck(check, 5)).toMatchObject({ state: 'not ok', summary: 'no answer within 0.005 s' })
})

test('a check that rejects becomes a finding with the innermost reason', async () => {
  const cause = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })
  const check = { name: 'failing', run: () => Promise.reject(cause) }
  expect(await runCheck(check, 1_000)).toMatchObject({
    state: 'not ok',
    summary: 'cannot be used: connect ECONNREFUSED 127.0.0.1:1',
  })
})
