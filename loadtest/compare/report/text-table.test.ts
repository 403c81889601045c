import { expect, test } from 'vitest'
import { textTable } from './text-table.ts'

test('names stand to the left, numbers to the right, under each other', () => {
  const text = textTable({
    head: ['who', 'calls/s'],
    rows: [
      ['bare Node relay', '1000'],
      ['start', '25'],
    ],
  })
  expect(text).toBe(
    ['who              calls/s', 'bare Node relay     1000', 'start                 25', ''].join('\n'),
  )
})

test('a table without rows is its head', () => {
  expect(textTable({ head: ['who', 'calls/s'], rows: [] })).toBe('who  calls/s\n')
})
