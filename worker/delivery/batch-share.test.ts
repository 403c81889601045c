import { expect, test } from 'vitest'
import { createBatchShare } from './batch-share.ts'

test('a time-out halves the next batches, whatever timed out together, and each that passes doubles them', () => {
  const share = createBatchShare()
  for (let batches = 0; batches < 4; batches++) share.timedOut(1)
  expect(share.current()).toBe(0.5)
  share.timedOut(0.5)
  expect(share.current()).toBe(0.25)
  share.passed()
  share.passed()
  share.passed()
  expect(share.current()).toBe(1)
})

test('it never comes to nothing', () => {
  const share = createBatchShare()
  for (let batches = 0; batches < 50; batches++) share.timedOut(share.current())
  expect(share.current()).toBeGreaterThan(0)
})
