import { expect, test } from 'vitest'
import { readiness } from './readiness.ts'

test('a check that says no, throws or does not answer in time fails, and is named', async () => {
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

test('a process that needs nothing is ready', async () => {
  expect(await readiness({}, 5)).toEqual({ ready: true, checks: {} })
})
