import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { jsonSize } from './json-size.ts'

test('is the length of the JSON text without escapes', () => {
  const plain = fc.jsonValue({ stringUnit: fc.constantFrom(...'aé€😀') })
  fc.assert(
    fc.property(plain, (value) => {
      expect(jsonSize(value as Json)).toBe(Buffer.byteLength(JSON.stringify(value)))
    }),
  )
})

test('is infinite where the value is nested too deeply to be kept', () => {
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json
  expect(jsonSize(nested(64))).toBe(128)
  expect(jsonSize(nested(100_000))).toBe(Number.POSITIVE_INFINITY)
})
