import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJsonCompletion } from './json-completion.ts'

const container = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))

test('is complete with the last character of an object or list, and not before', () => {
  fc.assert(
    fc.property(container, fc.nat(7), (value, size) => {
      const text = JSON.stringify(value)
      const completion = createJsonCompletion()
      for (let at = 0; at < text.length - 1; at += size + 1) {
        completion.add(text.slice(at, Math.min(at + size + 1, text.length - 1)))
        expect(completion.isComplete).toBe(false)
      }
      completion.add(text.slice(-1))
      expect(completion.isComplete).toBe(true)
    }),
  )
})
