import { expect, test } from 'vitest'
import { createBoundedBuffer } from './bounded-buffer.ts'

test('keeps what fits and counts the rest', () => {
  const store = createBoundedBuffer(5)
  store.add(Buffer.from('abc'))
  store.add(Buffer.from('defg'))
  store.add(Buffer.from('h'))
  expect([store.size, store.overflow]).toEqual([5, 3])
  expect(store.take().toString()).toBe('abcde')
})

test('is empty again after it was taken from, however much it held', () => {
  const store = createBoundedBuffer(1_000_000)
  for (const size of [10, 200_000, 10]) {
    const bytes = Buffer.alloc(size, size % 256)
    store.add(bytes.subarray(0, size >> 1))
    store.add(bytes.subarray(size >> 1))
    expect(store.take().equals(bytes)).toBe(true)
    expect([store.size, store.overflow]).toEqual([0, 0])
  }
})
