import { expect, test } from 'vitest'
import { createBlockReader } from './relay-blocks.ts'

const scrape = (...counts: readonly number[]): string =>
  ['0.01', '0.02', '0.05', '+Inf']
    .map((le, at) => `threadtap_loop_delay_seconds_bucket{le="${le}",thread="relay"} ${counts[at]}`)
    .concat('threadtap_loop_delay_seconds_bucket{le="+Inf",thread="recording"} 900')
    .join('\n')

test('the longest block is that of the relay alone, since the scrape before, up to a bound of the histogram', () => {
  const read = createBlockReader()
  expect(read(scrape(5, 6, 6, 6))).toBe(20)
  expect(read(scrape(8, 9, 9, 9))).toBe(10)
  expect(read(scrape(8, 9, 9, 9))).toBe(0)
  expect(read(scrape(8, 9, 10, 10))).toBe(50)
  expect(read(scrape(8, 9, 10, 11))).toBe(Number.POSITIVE_INFINITY)
})

test('a process without the metric has no block that is known', () => {
  expect(createBlockReader()('nothing 1')).toBeUndefined()
})
