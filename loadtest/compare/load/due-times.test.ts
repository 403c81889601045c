import { expect, test } from 'vitest'
import { dueAtMs, dueBy } from './due-times.ts'

test('the first call is due at once, and each at its own time', () => {
  expect(dueBy(0, 200, 1_000)).toBe(1)
  expect(dueBy(4.9, 200, 1_000)).toBe(1)
  expect(dueBy(5, 200, 1_000)).toBe(2)
  expect(dueAtMs(1, 200)).toBe(5)
})

test('a driver that woke up late catches up, and never goes beyond the total', () => {
  expect(dueBy(500, 1_000, 10_000)).toBe(501)
  expect(dueBy(60_000, 1_000, 4_000)).toBe(4_000)
})
