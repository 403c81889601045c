import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { sizeOf } from './size.ts'

test('is the length of the JSON text, but for its escapes', () => {
  const plain = fc.jsonValue({ stringUnit: fc.constantFrom(...'aé€😀') })
  fc.assert(
    fc.property(plain, (value) => {
      expect(sizeOf(value as Json)).toBe(Buffer.byteLength(JSON.stringify(value)))
    }),
  )
})

test('is without end where the value is nested too deeply to be kept', () => {
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json
  expect(sizeOf(nested(64))).toBe(128)
  expect(sizeOf(nested(100_000))).toBe(Number.POSITIVE_INFINITY)
})
