import { expect, test } from 'vitest'
import { wrap } from './wrap.ts'

test('a text is broken between words, and indented from the second line on', () => {
  expect(wrap('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four'])
  expect(wrap('one two', Number.POSITIVE_INFINITY)).toEqual(['one two'])
  expect(wrap('', 10)).toEqual([''])
})

test('a word that is too wide stays whole, on a line of its own', () => {
  expect(wrap('see https://example.com/long now', 10, '  ')).toEqual([
    'see',
    '  https://example.com/long',
    '  now',
  ])
})

test('the indentation of the text itself is kept', () => {
  expect(wrap('  a bb ccc', 6)).toEqual(['  a bb', 'ccc'])
})

test('a text of megabytes takes no time that grows with its square', () => {
  const text = 'word '.repeat(200_000)
  expect(wrap(text, Number.POSITIVE_INFINITY)).toEqual([text])
  expect(wrap(text, 600_000)).toHaveLength(2)
})
