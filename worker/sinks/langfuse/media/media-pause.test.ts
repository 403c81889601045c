import { expect, test } from 'vitest'
import { createMediaPause } from './media-pause.ts'

function lend() {
  let now = 0
  const pause = createMediaPause(() => now)
  /** @returns ms until it is over */
  const length = () => {
    const start = now
    while (pause.isPaused()) now += 100
    return now - start
  }
  return { pause, length }
}

test('grows with each failure, to a limit, until something succeeds', () => {
  const { pause, length } = lend()
  const lengths = Array.from({ length: 8 }, () => {
    pause.failed('timed_out')
    return length()
  })
  expect(lengths).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  pause.succeeded()
  pause.failed('timed_out')
  expect(length()).toBe(1_000)
})

test('respects what the server asks for, and leaves one without the API alone', () => {
  const { pause, length } = lend()
  pause.failed({ kind: 'unavailable', reason: '429', retryAfterMs: 30_000 })
  expect(length()).toBe(30_000)
  pause.failed({ kind: 'unsupported', reason: '404' })
  expect(length()).toBe(600_000)
})

test('a refused medium, or a server that is down for records too, is no reason', () => {
  const { pause, length } = lend()
  pause.failed({ kind: 'refused', reason: '400' })
  pause.failed({ kind: 'unreachable', reason: 'ECONNREFUSED' })
  expect(length()).toBe(0)
})
