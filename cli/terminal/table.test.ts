import { expect, test } from 'vitest'
import { type Column, table } from './table.ts'
import { displayWidth } from './text-width.ts'

type Row = { readonly name: string; readonly count: number; readonly words: string }

const columns: readonly Column<Row>[] = [
  { header: 'NAME', cell: ({ name }) => name, maxWidth: 8 },
  { header: 'COUNT', cell: ({ count }) => String(count), align: 'right' },
  { header: 'WORDS', cell: ({ words }) => words, minWidth: 12 },
  { header: 'AGAIN', cell: ({ words }) => words, minWidth: 12, leftOut: 1 },
]

const row = (fields: Partial<Row>): Row => ({ name: 'a', count: 1, words: 'hi', ...fields })

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(table(columns, [row({}), row({ name: 'abc', count: 1234567 })], Number.POSITIVE_INFINITY)).toBe(
    'NAME    COUNT  WORDS  AGAIN\n' + 'a           1  hi     hi\n' + 'abc   1234567  hi     hi\n',
  )
})

test('a cell is truncated to the maximum width of its column', () => {
  expect(table(columns, [row({ name: 'abcdefghij' })], 200)).toContain('abcdefg…  ')
})

test('a column that still has no room is left out, the rest use its place', () => {
  expect(table(columns, [row({ words: 'x'.repeat(40) })], 30)).toBe(
    `NAME  COUNT  WORDS\na         1  ${'x'.repeat(16)}…\n`,
  )
})

test('styles change no width, and do not reach into the gaps', () => {
  const styled = columns.map((column) => ({ ...column, style: () => 'red' as const }))
  const text = table(styled, [row({})], 80, (style, part) => (style === 'red' ? `<${part}>` : part))
  expect(text.split('\n')[1]).toBe('<a   >  <    1>  <hi   >  <hi>')
})

test('columns that can shrink share the remaining width of the terminal', () => {
  const lines = table(columns, [row({ words: 'x'.repeat(100) })], 60)
    .trimEnd()
    .split('\n')
  expect(lines[1]).toBe(`a         1  ${'x'.repeat(21)}…  ${'x'.repeat(22)}…`)
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(60)
})

test('wide and invisible characters keep the columns straight', () => {
  const rows = [row({ name: '日本' }), row({ name: '🐟' }), row({ name: 'e\u0301' }), row({ name: 'abcd' })]
  const starts = table(columns, rows, 200)
    .split('\n')
    .slice(0, -1)
    .map((line) => displayWidth(line.slice(0, line.lastIndexOf(line.startsWith('NAME') ? 'WORDS' : 'hi  '))))
  expect(new Set(starts).size).toBe(1)
})

test('recorded text cannot control the terminal', () => {
  const text = table(columns, [row({ words: 'a\u001b[2Jb\nc\u202ed' })], 200)
  expect(text).toContain('a [2Jb c d')
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u202e')
})
