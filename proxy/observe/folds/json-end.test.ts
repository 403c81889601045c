import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJsonEnd } from './json-end.ts'

const holder = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))

test('is reached with the last character of an object or list, and not before', () => {
  fc.assert(
    fc.property(holder, fc.nat(7), (value, size) => {
      const text = JSON.stringify(value)
      const end = createJsonEnd()
      for (let at = 0; at < text.length - 1; at += size + 1) {
        end.add(text.slice(at, Math.min(at + size + 1, text.length - 1)))
        expect(end.reached).toBe(false)
      }
      end.add(text.slice(-1))
      expect(end.reached).toBe(true)
    }),
  )
})
