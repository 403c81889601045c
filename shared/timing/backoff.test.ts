import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const times = { baseMs: 100, maxMs: 1_000 }

test('backoff doubles with every failure up to its limit', () => {
  const waits = [0, 1, 2, 3, 4, 5_000].map((failures) => backoffMs(failures, times, () => 1))
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000])
})

test('jitter spreads it over its upper half', () => {
  expect(backoffMs(1, times, () => 0)).toBe(100)
  expect(backoffMs(1, times, () => 0.5)).toBe(150)
})
