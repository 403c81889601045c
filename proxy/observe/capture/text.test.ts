import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, GrowingText, wellFormed } from './text.ts'

test('cuts between code points', () => {
  expect(cut('aé€😀z', 3)).toBe('aé')
  expect(cut('aé€😀z', 9)).toBe('aé€')
  expect(cut('aé€😀z', 10)).toBe('aé€😀')
  expect(cut('abc', 0)).toBe('')
})

test('keeps the longest beginning that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, maxBytes) => {
      const kept = cut(text, maxBytes)
      const next = [...text.slice(kept.length)][0]
      expect(text.startsWith(kept)).toBe(true)
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes)
      if (next !== undefined) expect(Buffer.byteLength(kept + next)).toBeGreaterThan(maxBytes)
    }),
  )
})

test('stops growing when the allowance is used up, and says how much is missing', () => {
  const allowance = { left: 8 }
  const text = new GrowingText()
  text.add('12345', allowance)
  text.add('6789', allowance)
  text.add('0', allowance)
  expect(`${text}`).toBe('12345678 … [2 more characters]')
  expect(JSON.stringify({ text })).toBe('{"text":"12345678 … [2 more characters]"}')
})

test('shares one allowance among texts', () => {
  const allowance = { left: 4 }
  const [first, second] = [new GrowingText(), new GrowingText()]
  first.add('abc', allowance)
  second.add('de', allowance)
  expect([`${first}`, `${second}`]).toEqual(['abc', 'd … [1 more characters]'])
})

test('repairs half surrogate pairs, also those that were cut apart by pieces', () => {
  expect(wellFormed('a\ud83d')).toBe('a\uFFFD')
  const text = new GrowingText()
  text.add('\ud83d', { left: 9 })
  text.add('\ude00', { left: 9 })
  expect(wellFormed(`${text}`)).toBe('😀')
})
