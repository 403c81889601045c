import { expect, test } from 'vitest'
import { ArrivalTimes } from './arrival-times.ts'

test('measures the largest gap between arrivals, not the time before the first', () => {
  const arrivals = new ArrivalTimes()
  expect([arrivals.count, arrivals.firstAt, arrivals.largestGapMs]).toEqual([0, undefined, 0])
  arrivals.add(100)
  expect(arrivals.largestGapMs).toBe(0)
  for (const at of [110, 150, 155]) arrivals.add(at)
  expect([arrivals.count, arrivals.firstAt, arrivals.largestGapMs]).toEqual([4, 100, 40])
  expect([arrivals.largestGapAt, arrivals.lastAt]).toEqual([110, 155])
})
