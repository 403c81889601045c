import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { ClientClosedRequestError, readBody, releaseBody } from './body.ts'

/** A request whose body the test writes. */
function incomingRequest(): PassThrough & IncomingMessage {
  const headers = { 'transfer-encoding': 'chunked' }
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage
}

async function write(to: PassThrough, bytes: number): Promise<void> {
  to.write(Buffer.alloc(bytes, 'x'))
  await new Promise(setImmediate)
}

test('a body that is still coming in is charged to the budget that all bodies share', async () => {
  const budget = { free: 100 }
  const [first, second] = [incomingRequest(), incomingRequest()]
  const bodies = [first, second].map((incoming) => readBody(incoming, 'chat', budget))
  await write(first, 60)
  await write(second, 60)
  expect(await bodies[1]).toEqual({ kind: 'streamed' })
  // The chunks that were read are in the stream again.
  expect(second.read()).toHaveLength(60)
  expect(budget.free).toBe(40)
  first.end()
  const held = await (bodies[0] as (typeof bodies)[number])
  expect(held.kind).toBe('held')
  expect(budget.free).toBe(40)
  releaseBody(held, budget)
  expect(budget.free).toBe(100)
})

test('a client that closes within its body releases its budget, and is reported by an error of its own', async () => {
  const budget = { free: 100 }
  const incoming = incomingRequest()
  const body = readBody(incoming, 'chat', budget)
  await write(incoming, 60)
  expect(budget.free).toBe(40)
  incoming.destroy()
  await expect(body).rejects.toThrow(ClientClosedRequestError)
  expect(budget.free).toBe(100)
})
