import { expect, test } from 'vitest'
import { createBatcher } from './batcher.ts'

const limits = { records: 3, ageMs: 100, bytes: 50 }
const item = (name: string, bytes = 1, sinceMs = 0) => ({ name, bytes, sinceMs })
const names = (items: readonly { name: string }[]): string => items.map(({ name }) => name).join('')

test('nothing is due while the queue is empty', () => {
  expect(createBatcher(limits).dueInMs(0)).toBeUndefined()
})

test('a batch is due by the age of its oldest record', () => {
  const batcher = createBatcher<ReturnType<typeof item>>(limits)
  batcher.add([item('a', 1, 10), item('b', 1, 60)])
  expect(batcher.dueInMs(30)).toBe(80)
  expect(batcher.dueInMs(200)).toBe(-90)
})

test('a batch is due by its number of records, and takes no more than that', () => {
  const batcher = createBatcher<ReturnType<typeof item>>(limits)
  batcher.add([item('a'), item('b'), item('c'), item('d')])
  expect(batcher.dueInMs(0)).toBe(0)
  expect(names(batcher.take())).toBe('abc')
  expect(names(batcher.take())).toBe('d')
})

test('a batch is due by its bytes, and takes no more unless a single record is larger', () => {
  const batcher = createBatcher<ReturnType<typeof item>>(limits)
  batcher.add([item('a', 30), item('b', 30), item('c', 90)])
  expect(batcher.dueInMs(0)).toBe(0)
  expect([names(batcher.take()), names(batcher.take()), names(batcher.take())]).toEqual(['a', 'b', 'c'])
  expect(batcher.dueInMs(0)).toBeUndefined()
})

test('a share of a batch is that much of its records and bytes, and one record at least', () => {
  const batcher = createBatcher<ReturnType<typeof item>>({ records: 4, ageMs: 100, bytes: 40 })
  batcher.add([item('a'), item('b'), item('c', 15), item('d', 15), item('e')])
  expect(names(batcher.take(0.5))).toBe('ab')
  expect(names(batcher.take(0.5))).toBe('c')
  expect(names(batcher.take(0.01))).toBe('d')
})

test('records that may have arrived come last', () => {
  const batcher = createBatcher<ReturnType<typeof item>>(limits)
  batcher.add([item('b'), item('c')])
  batcher.putLast([item('a')])
  expect(names(batcher.take())).toBe('bca')
})

test('records that are put back come first, and withdrawn ones are gone', () => {
  const batcher = createBatcher<ReturnType<typeof item>>(limits)
  const [b, c] = [item('b'), item('c')]
  batcher.add([b, c])
  batcher.putBack([item('a')])
  batcher.withdraw(new Set([b]))
  expect(names(batcher.take())).toBe('ac')
})
