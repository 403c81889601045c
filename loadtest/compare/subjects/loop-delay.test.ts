import { expect, test } from 'vitest'
import { longestBlockMs } from './loop-delay.ts'

const metrics = `# HELP nodejs_eventloop_lag_max_seconds The maximum recorded event loop delay.
# TYPE nodejs_eventloop_lag_max_seconds gauge
nodejs_eventloop_lag_max_seconds 0.0345
nodejs_eventloop_lag_mean_seconds 0.0101
`

test('the longest block is told in ms, without the interval of the timer that looks', () => {
  expect(longestBlockMs(metrics)).toBeCloseTo(24.5)
})

test('a loop that was never late has no block, and one that is not measured none that is known', () => {
  expect(longestBlockMs('nodejs_eventloop_lag_max_seconds 0.0100\n')).toBe(0)
  expect(longestBlockMs('# nothing\n')).toBeUndefined()
})
