import { expect, test } from 'vitest'
import { newRecordId, newSpanId, newTraceId } from './ids.ts'

test('ids are lower-case hex of the length that W3C trace context requires, and never repeat', () => {
  const traces = new Set(Array.from({ length: 10_000 }, newTraceId))
  expect(traces.size).toBe(10_000)
  for (const id of traces) expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/)
  expect(newRecordId(Date.now())).toMatch(/^[0-9a-f]{32}$/)
})

test('record ids sort by time, and those of the same moment differ', () => {
  const moments = [0, 1_700_000_000_000, 1_700_000_000_001, 4_102_444_800_000]
  const ids = moments.map(newRecordId)
  expect(ids.toSorted()).toEqual(ids)
  expect(newRecordId(1)).not.toBe(newRecordId(1))
})
