import { expect, test } from 'vitest'
import { median, quantile } from './quantile.ts'

test('a quantile is one of the values, whatever their order', () => {
  const values = Array.from({ length: 100 }, (_, n) => 99 - n)
  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 0.5)).toBe(50)
  expect(quantile(values, 1)).toBe(99)
  expect(median([3, 1, 2])).toBe(2)
  expect(median([])).toBe(0)
})
