import { expect, test } from 'vitest'
import { BoundedBuffer } from './bounded-buffer.ts'

test('keeps bytes up to the limit and counts those over it', () => {
  const buffer = new BoundedBuffer(5)
  buffer.add(Buffer.from('abc'))
  buffer.add(Buffer.from('defg'))
  buffer.add(Buffer.from('h'))
  expect([buffer.size, buffer.overflow]).toEqual([5, 3])
  expect(buffer.take().toString()).toBe('abcde')
})

test('is empty after take, however much it held', () => {
  const buffer = new BoundedBuffer(1_000_000)
  for (const size of [10, 200_000, 10]) {
    const bytes = Buffer.alloc(size, size % 256)
    buffer.add(bytes.subarray(0, size >> 1))
    buffer.add(bytes.subarray(size >> 1))
    expect(buffer.take().equals(bytes)).toBe(true)
    expect([buffer.size, buffer.overflow]).toEqual([0, 0])
  }
})
