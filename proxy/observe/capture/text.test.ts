import fc from 'fast-check'
import { expect, test } from 'vitest'
import { truncateText, wellFormed } from './text.ts'

test('truncates between code points', () => {
  expect(truncateText('aé€😀z', 3)).toBe('aé')
  expect(truncateText('aé€😀z', 9)).toBe('aé€')
  expect(truncateText('aé€😀z', 10)).toBe('aé€😀')
  expect(truncateText('abc', 0)).toBe('')
})

test('keeps the longest prefix that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, maxBytes) => {
      const prefix = truncateText(text, maxBytes)
      const next = [...text.slice(prefix.length)][0]
      expect(text.startsWith(prefix)).toBe(true)
      expect(Buffer.byteLength(prefix)).toBeLessThanOrEqual(maxBytes)
      if (next !== undefined) expect(Buffer.byteLength(prefix + next)).toBeGreaterThan(maxBytes)
    }),
  )
})

test('replaces lone surrogates', () => {
  expect(wellFormed('a\ud83d')).toBe('a\uFFFD')
})
