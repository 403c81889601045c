import { expect, test } from 'vitest'
import { createRisingMemory } from './rising-memory.ts'

function lend() {
  let now = 0
  const memory = createRisingMemory({ monotonic: () => now })
  /** Four looks a second, as long as this. @returns what came of the last one */
  return (seconds: number, share: number): number => {
    const end = now + seconds * 1_000
    while (now + 250 < end) {
      now += 250
      memory(share)
    }
    now = end
    return memory(share)
  }
}

test('memory that does not rise for ten seconds counts no more, until it rises again', () => {
  const after = lend()
  expect(after(0.25, 0.9)).toBe(0.9)
  expect(after(9.75, 0.905)).toBe(0.905)
  expect(after(0.25, 0.905)).toBe(0)
  expect(after(60, 0.895)).toBe(0)
  expect(after(1, 0.92)).toBe(0.92)
  expect(after(40, 0.7)).toBe(0)
  expect(after(1, 0.85)).toBe(0.85)
})

test('what goes up and down with each collection of garbage does not rise', () => {
  const after = lend()
  expect(after(0.25, 0.9)).toBe(0.9)
  for (let seconds = 0; seconds < 60; seconds += 6) {
    after(3, 0.87)
    after(3, 0.9)
  }
  expect(after(0.25, 0.9)).toBe(0)
  expect(after(0.25, 0.92)).toBe(0.92)
})
