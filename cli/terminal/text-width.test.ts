import { expect, onTestFinished, test, vi } from 'vitest'
import { displayWidth, sanitize, truncateTo } from './text-width.ts'

test.each([
  ['abc é', 5],
  ['日本', 4],
  ['🐟', 2],
  ['e\u0301', 1],
  ['a\u200db', 2],
  ['…→', 2],
  ['❤️', 2],
  ['❤', 1],
  ['1️⃣', 2],
  ['ㄅㄆ', 4],
  ['👨‍👩‍👧', 6],
])('%s takes %d columns', (line, columns) => {
  expect(displayWidth(line)).toBe(columns)
})

test('a line that is too long is truncated within its width, at a whole character', () => {
  expect(truncateTo('abcd', 4)).toBe('abcd')
  expect(truncateTo('abcde', 4)).toBe('abc…')
  expect(truncateTo('日本語', 4)).toBe('日…')
  expect(truncateTo('ab cd', 4)).toBe('ab…')
  expect(truncateTo('日本', 4)).toBe('日本')
  expect(truncateTo('a👨‍👩‍👧b', 7)).toBe('a…')
  expect(truncateTo('ae\u0301e\u0301', 2)).toBe('a…')
})

test('control characters and direction overrides become spaces', () => {
  expect(sanitize(' a\u001b[2J\r\nb\u202ec\u2066d ')).toBe('a [2J b c d')
})

test('plain text needs no data of Unicode', () => {
  const segmenter = vi.spyOn(Intl, 'Segmenter')
  onTestFinished(() => segmenter.mockRestore())
  expect(displayWidth('plain text')).toBe(10)
  expect(segmenter).not.toHaveBeenCalled()
})
