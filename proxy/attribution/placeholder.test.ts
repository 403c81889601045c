import { expect, test } from 'vitest'
import { isPlaceholder } from './placeholder.ts'

test.each(['', ' ', 'undefined', 'null', 'None', 'nan', 'NaN', '[object Object]', ' null '])(
  '%j is no id',
  (text) => expect(isPlaceholder(text)).toBe(true),
)

test.each(['none of these', 'NULL-7', '0', 'undefined-thread', 'nano'])('%j is one', (text) =>
  expect(isPlaceholder(text)).toBe(false),
)
