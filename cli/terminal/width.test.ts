import { expect, test } from 'vitest'
import { widthOf } from './width.ts'

test.each([
  ['a terminal', { isTTY: true, columns: 132 }, 132],
  ['a terminal without a size', { isTTY: true, columns: 0 }, 80],
  ['a pipe or a file', {}, Number.POSITIVE_INFINITY],
])('%s is written for its columns', (_what, output, columns) => {
  expect(widthOf(output)).toBe(columns)
})
