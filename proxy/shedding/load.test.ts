import { expect, test } from 'vitest'
import { createLoopLateness } from './loop-lateness.ts'
import { memoryShare } from './memory-share.ts'

test('one long block, or a machine that slept, is no lasting lateness', () => {
  const lateness = createLoopLateness()
  lateness.observe(3_600_000)
  expect(lateness.lately()).toBeLessThan(50)
})

test('a loop that is late again and again is late by its mean', () => {
  const lateness = createLoopLateness()
  for (let looks = 0; looks < 200; looks++) lateness.observe(looks % 2 === 0 ? 100 : 200)
  expect(lateness.lately()).toBeGreaterThan(140)
  expect(lateness.lately()).toBeLessThan(160)
  for (let looks = 0; looks < 200; looks++) lateness.observe(0)
  expect(lateness.lately()).toBeLessThan(1)
})

test('memory has a share where there is a limit', () => {
  expect(memoryShare(Number.POSITIVE_INFINITY)).toBe(0)
  expect(memoryShare(process.memoryUsage.rss())).toBeGreaterThan(0.5)
})
