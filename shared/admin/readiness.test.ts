import { expect, test } from 'vitest'
import { readiness } from './readiness.ts'

test('a check that returns false, throws, rejects or takes too long fails, and is named', async () => {
  const checks = {
    good: () => true,
    failing: () => false,
    throwing: () => {
      throw new Error('no')
    },
    rejecting: () => Promise.reject(new Error('no')),
    hanging: () => new Promise<boolean>(() => {}),
  }
  const failed = { failing: false, throwing: false, rejecting: false, hanging: false }
  expect(await readiness(checks, 5)).toEqual({ ready: false, checks: { good: true, ...failed } })
})

test('a process without checks is ready', async () => {
  expect(await readiness({}, 5)).toEqual({ ready: true, checks: {} })
})
