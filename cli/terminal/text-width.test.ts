import { expect, test } from 'vitest'
import { cutTo, harmless, widthOf } from './text-width.ts'

test.each([
  ['abc é', 5],
  ['日本', 4],
  ['🐟', 2],
  ['e\u0301', 1],
  ['a\u200db', 2],
  ['…→', 2],
])('%s takes %d columns', (line, columns) => {
  expect(widthOf(line)).toBe(columns)
})

test('a line that is too long is cut within its width, at a whole character', () => {
  expect(cutTo('abcd', 4)).toBe('abcd')
  expect(cutTo('abcde', 4)).toBe('abc…')
  expect(cutTo('日本語', 4)).toBe('日…')
  expect(cutTo('ab cd', 4)).toBe('ab…')
})

test('control characters and turned text become plain', () => {
  expect(harmless(' a\u001b[2J\r\nb\u202ec\u2066d ')).toBe('a [2J b c d')
})
