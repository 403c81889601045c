import { expect, test } from 'vitest'
import { isPlaceholder } from './placeholder.ts'

test.each([
  ...['', ' ', '\t', 'undefined', 'null', 'None', 'nan', 'NaN', '[object Object]', ' null '],
  ...['NULL', 'none', 'Undefined', '[object Promise]', '[object Undefined]', '<nil>', '(null)'],
])('%j is no id', (text) => expect(isPlaceholder(text)).toBe(true))

test.each([
  'none of these',
  'NULL-7',
  '0',
  'undefined-thread',
  'nano',
  'nil',
  '[object',
  'None,7',
  'Nullable',
])('%j is one', (text) => expect(isPlaceholder(text)).toBe(false))
