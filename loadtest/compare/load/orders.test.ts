import { expect, test } from 'vitest'
import { type Orders, ordersIn } from './orders.ts'
import { promptBody } from './prompt.ts'

test.each<Orders>([
  { kind: 'answer', thinkMs: 300 },
  { kind: 'stream', frames: 150, framesPerSecond: 50 },
])('the model reads %j from the first bytes of the prompt, however long it is', (orders) => {
  const body = promptBody({ bytes: 100_000, stream: orders.kind === 'stream', orders })
  expect(ordersIn(body.subarray(0, 60).toString('latin1'))).toEqual(orders)
})

test('without orders the model answers at once', () => {
  expect(ordersIn('{"model":"gpt-4o"}')).toEqual({ kind: 'answer', thinkMs: 0 })
})
