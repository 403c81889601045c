import { expect, test } from 'vitest'
import { type Column, table } from './table.ts'
import { widthOf } from './text-width.ts'

type Row = { readonly name: string; readonly count: number; readonly words: string }

const columns: readonly Column<Row>[] = [
  { head: 'NAME', cell: ({ name }) => name, max: 8 },
  { head: 'COUNT', cell: ({ count }) => String(count), align: 'right' },
  { head: 'WORDS', cell: ({ words }) => words, elastic: true },
  { head: 'AGAIN', cell: ({ words }) => words, elastic: true },
]

const row = (told: Partial<Row>): Row => ({ name: 'a', count: 1, words: 'hi', ...told })

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(table(columns, [row({}), row({ name: 'abc', count: 1234567 })], Number.POSITIVE_INFINITY)).toBe(
    'NAME    COUNT  WORDS  AGAIN\n' + 'a           1  hi     hi\n' + 'abc   1234567  hi     hi\n',
  )
})

test('a cell is cut where its column has a greatest width', () => {
  expect(table(columns, [row({ name: 'abcdefghij' })], 200)).toContain('abcdefg…  ')
})

test('elastic columns share what is left of the terminal', () => {
  const lines = table(columns, [row({ words: 'x'.repeat(100) })], 60)
    .trimEnd()
    .split('\n')
  expect(lines[1]).toBe(`a         1  ${'x'.repeat(21)}…  ${'x'.repeat(22)}…`)
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(60)
})

test('wide and invisible characters keep the columns straight', () => {
  const rows = [row({ name: '日本' }), row({ name: '🐟' }), row({ name: 'e\u0301' }), row({ name: 'abcd' })]
  const starts = table(columns, rows, 200)
    .split('\n')
    .slice(0, -1)
    .map((line) => widthOf(line.slice(0, line.lastIndexOf(line.startsWith('NAME') ? 'WORDS' : 'hi  '))))
  expect(new Set(starts).size).toBe(1)
})

test('what others wrote cannot steer the terminal', () => {
  const text = table(columns, [row({ words: 'a\u001b[2Jb\nc\u202ed' })], 200)
  expect(text).toContain('a [2Jb c d')
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u202e')
})
