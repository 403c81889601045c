import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

test('what is done seldom is done at once; in a row, after the burst, as often as the pace says', () => {
  let now = 0
  const delay = createPace({ everyMs: 10, burst: 2 }, () => now)
  expect([delay(), delay()]).toEqual([0, 0])
  const waits: number[] = []
  for (let time = 0; time < 5; time++) {
    const ms = delay()
    waits.push(ms)
    now += ms
  }
  expect(waits).toEqual([10, 10, 10, 10, 10])
  now += 1_000
  expect([delay(), delay(), delay()]).toEqual([0, 0, 10])
})
