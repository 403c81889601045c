import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import { stringifyWellFormed } from './well-formed-text.ts'

test('lone surrogates are replaced in values and keys, however deep', () => {
  const value = { 'k\ud83d': ['a', { deep: '\ude00 and \u{1F600}' }], none: undefined, zero: null }
  expect(stringifyWellFormed(value)).toBe('{"k\u{FFFD}":["a",{"deep":"\u{FFFD} and \u{1F600}"}],"zero":null}')
})

test('well-formed text stays as JSON.stringify writes it, and all other text becomes well-formed', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(stringifyWellFormed(value as Json)).toBe(JSON.stringify(value))
    }),
  )
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0xd700, max: 0xe0ff })), (units) => {
      const text = JSON.parse(stringifyWellFormed([String.fromCharCode(...units)]))[0]
      expect(text.isWellFormed()).toBe(true)
    }),
  )
})
