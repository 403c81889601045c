import { expect, test } from 'vitest'
import { createGrowingTimeout } from './growing-timeout.ts'

test('the timeout doubles with each attempt that has no answer, up to a maximum', () => {
  const timeout = createGrowingTimeout(10_000)
  const seen = Array.from({ length: 6 }, () => {
    const current = timeout.currentMs()
    timeout.expired(current)
    return current
  })
  expect(seen).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000])
})

test('attempts that expire together count once', () => {
  const timeout = createGrowingTimeout(10_000)
  for (let attempts = 0; attempts < 4; attempts++) timeout.expired(10_000)
  expect(timeout.currentMs()).toBe(20_000)
})

test('an answer brings it down to twice the time that it took, and never below the setting', () => {
  const timeout = createGrowingTimeout(10_000)
  timeout.expired(10_000)
  timeout.expired(20_000)
  timeout.answered(15_000)
  expect(timeout.currentMs()).toBe(30_000)
  timeout.answered(15_000)
  expect(timeout.currentMs()).toBe(30_000)
  timeout.answered(200)
  expect(timeout.currentMs()).toBe(10_000)
})

test('a setting above the maximum stands', () => {
  const timeout = createGrowingTimeout(600_000)
  timeout.expired(600_000)
  expect(timeout.currentMs()).toBe(600_000)
})
