import { expect, test } from 'vitest'
import { createRisingMemory } from './rising-memory.ts'

test('memory that does not rise for ten seconds counts no more, until it rises again', () => {
  let now = 0
  const memory = createRisingMemory({ monotonic: () => now })
  const after = (seconds: number, share: number): number => {
    now += seconds * 1_000
    return memory(share)
  }
  expect(after(1, 0.9)).toBe(0.9)
  expect(after(9.9, 0.905)).toBe(0.905)
  expect(after(0.1, 0.905)).toBe(0)
  expect(after(60, 0.895)).toBe(0)
  expect(after(1, 0.92)).toBe(0.92)
  expect(after(20, 0.7)).toBe(0)
  expect(after(1, 0.85)).toBe(0.85)
})
