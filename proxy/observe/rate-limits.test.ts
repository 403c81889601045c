import { expect, test } from 'vitest'
import { readRateLimits } from './rate-limits.ts'
import { growth, linear } from './testing/growth.ts'

test('keeps headers about rate limits, and no others', () => {
  const limits = {
    'retry-after': '30',
    'retry-after-ms': '29500',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-tokens_usage_based': '199',
    'x-ratelimit-reset': '1763636264',
    'x-ratelimit-remaining-requests-1m': '3',
    'x-tokenlimit-remaining': '79000',
    'x-ratelimitbysize-remaining-minute': '499000',
    'anthropic-ratelimit-input-tokens-remaining': '80000',
    ratelimit: '"api";r=999;t=295',
    'ratelimit-policy': '"fixed window";"api";q=1000;w=300',
  }
  const others = { 'x-ratelimit-key': 'sk-abc', 'set-cookie': 'a=b', authorization: 'Bearer x', date: 'now' }
  expect(readRateLimits({ ...others, ...limits })).toEqual(limits)
  expect(readRateLimits(others)).toBeUndefined()
})

test('keeps a bounded number of headers of bounded length', () => {
  const many = Array.from({ length: 99 }, (_, n) => [
    `x-ratelimit-limit-${'a'.repeat(n + 1)}`,
    '9'.repeat(999),
  ])
  const kept = Object.values(readRateLimits(Object.fromEntries(many)) ?? {})
  expect(kept.length).toBe(24)
  expect(kept.every(({ length }) => length === 100)).toBe(true)
})

test('takes linear time over a long name that nearly matches', () => {
  const run = (size: number) => readRateLimits({ [`x-ratelimit-${'limit-'.repeat(size)}1`]: '9' })
  expect(growth(run, 2_000)).toBeLessThan(linear)
})
