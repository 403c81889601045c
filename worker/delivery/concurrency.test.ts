import { expect, test } from 'vitest'
import { createConcurrency } from './concurrency.ts'

function lend() {
  let now = 0
  const changes: number[] = []
  const clock = { monotonic: () => now }
  const concurrency = createConcurrency({
    clock,
    slowMs: 5_000,
    onChange: (batches) => changes.push(batches),
  })
  return {
    concurrency,
    changes,
    pass(batches: number, inFlight = concurrency.current()): void {
      for (let at = 0; at < batches; at++) concurrency.passed(Math.min(inFlight, concurrency.current()))
    },
    wait(ms: number): number {
      now += ms
      return now
    },
  }
}

test('a sink that takes all it gets, gets one batch more at a time, up to a limit', () => {
  const { concurrency, changes, pass } = lend()
  pass(5)
  expect(concurrency.current()).toBe(5)
  pass(1_000, 100)
  expect(concurrency.current()).toBe(16)
  expect(changes).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
})

test('batches one after the other do not ask for more', () => {
  const { concurrency, pass } = lend()
  pass(1_000, 1)
  expect(concurrency.current()).toBe(4)
})

test('what times out or is turned away halves it, once for all that was under way', () => {
  const { concurrency, wait } = lend()
  const startedAt = wait(100)
  wait(1_000)
  for (let batches = 0; batches < 4; batches++) concurrency.refused(startedAt)
  expect(concurrency.current()).toBe(2)
  concurrency.refused(wait(1))
  concurrency.refused(wait(1))
  concurrency.refused(wait(1))
  expect(concurrency.current()).toBe(1)
})

test('slow answers halve it, fast ones do not', () => {
  const { concurrency, wait } = lend()
  wait(4_000)
  concurrency.answered(4_000)
  expect(concurrency.current()).toBe(4)
  wait(6_000)
  concurrency.answered(6_000)
  concurrency.answered(5_999)
  expect(concurrency.current()).toBe(2)
})
