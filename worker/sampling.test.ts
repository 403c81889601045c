import { expect, test } from 'vitest'
import { newTraceId } from '../shared/record/ids.ts'
import { isSampled } from './sampling.ts'

const many = Array.from({ length: 4_000 }, newTraceId)

test('a rate of one samples everything and a rate of zero nothing', () => {
  const ids = ['0'.repeat(32), 'f'.repeat(32), ...many]
  expect(ids.every((id) => isSampled(id, 1))).toBe(true)
  expect(ids.some((id) => isSampled(id, 0))).toBe(false)
})

test('a share of the traces is sampled, and a larger share includes them', () => {
  const kept = many.filter((id) => isSampled(id, 0.25))
  expect(kept.length / many.length).toBeGreaterThan(0.2)
  expect(kept.length / many.length).toBeLessThan(0.3)
  expect(kept.every((id) => isSampled(id, 0.5))).toBe(true)
})
