import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRareLines } from './rare-lines.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function recorded() {
  const lines: string[] = []
  const rarely = createRareLines(1_000)
  const write = (key: string, text = key): void =>
    rarely(key, ({ left_out }) => lines.push(left_out === undefined ? text : `${text}, ${left_out} left out`))
  return { lines, write }
}

test('a line is written at once, and its repetitions once in a while, with how many were left out', () => {
  const { lines, write } = recorded()
  for (const text of ['first', 'second', 'third', 'fourth']) write('refused', text)
  expect(lines).toEqual(['first'])
  vi.advanceTimersByTime(1_000)
  expect(lines).toEqual(['first', 'fourth, 2 left out'])
  write('refused', 'fifth')
  vi.advanceTimersByTime(1_000)
  expect(lines).toEqual(['first', 'fourth, 2 left out', 'fifth'])
})

test('a line that did not repeat is written at once the next time', () => {
  const { lines, write } = recorded()
  write('dropped')
  vi.advanceTimersByTime(1_000)
  write('dropped')
  expect(lines).toEqual(['dropped', 'dropped'])
})

test('lines of different kinds do not keep each other out', () => {
  const { lines, write } = recorded()
  write('refused')
  write('dropped')
  expect(lines).toEqual(['refused', 'dropped'])
})
