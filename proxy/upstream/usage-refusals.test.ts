import { expect, test } from 'vitest'
import { stillClock } from '../../shared/testing/still-clock.ts'
import { createUsageRefusals } from './usage-refusals.ts'

test('remembers a refusal for its upstream and model only', () => {
  const refusals = createUsageRefusals(stillClock())
  refusals.remember('groq', 'llama')
  expect(refusals.has('groq', 'llama')).toBe(true)
  expect(refusals.has('groq', 'qwen')).toBe(false)
  expect(refusals.has('default', 'llama')).toBe(false)
})

test('forgets a refusal when its time to live is over, however often it was used, and counts it no more', () => {
  const clock = stillClock()
  const refusals = createUsageRefusals(clock, { ttlMs: 1_000 })
  refusals.remember('default', 'm')
  clock.advance(999)
  expect([refusals.has('default', 'm'), refusals.size()]).toEqual([true, 1])
  clock.advance(1)
  expect([refusals.size(), refusals.has('default', 'm')]).toEqual([0, false])
})

test('evicts the least recently used refusal over the limit', () => {
  const refusals = createUsageRefusals(stillClock(), { maxPairs: 2 })
  refusals.remember('default', 'a')
  refusals.remember('default', 'b')
  refusals.has('default', 'a')
  refusals.remember('default', 'c')
  expect(['a', 'b', 'c'].filter((model) => refusals.has('default', model))).toEqual(['a', 'c'])
  expect(refusals.size()).toBe(2)
})

test('does not keep an overlong model name', () => {
  const refusals = createUsageRefusals(stillClock())
  refusals.remember('default', 'm'.repeat(100_000))
  expect(refusals.size()).toBe(0)
})
