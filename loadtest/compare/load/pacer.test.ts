import { expect, test } from 'vitest'
import { paced } from './pacer.ts'

test('every turn comes once, in order, and none is early', async () => {
  const turns: number[] = []
  const late: number[] = []
  await paced(1_000, 30, (n, lateMs) => {
    turns.push(n)
    late.push(lateMs)
  })
  expect(turns).toEqual(Array.from({ length: 30 }, (_, n) => n))
  // Less than nothing only by rounding.
  expect(Math.min(...late)).toBeGreaterThan(-0.001)
})
