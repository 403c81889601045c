import { expect, test } from 'vitest'
import { createFifo } from './fifo.ts'

test('items come out in the order in which they went in, also after the list has been compacted', () => {
  const fifo = createFifo<number>()
  let next = 0
  let expected = 0
  for (let round = 0; round < 50; round++) {
    for (let n = 0; n < 200; n++) fifo.push(next++)
    for (let n = 0; n < 180; n++) expect(fifo.shift()).toBe(expected++)
    expect(fifo.size).toBe(next - expected)
  }
  expect(fifo.values()[0]).toBe(expected)
  while (fifo.size > 0) expect(fifo.shift()).toBe(expected++)
  expect(fifo.shift()).toBeUndefined()
})
