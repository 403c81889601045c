import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readBody, releaseBody } from './body.ts'

/** A request whose body is written by hand. */
function arriving(): PassThrough & IncomingMessage {
  const headers = { 'transfer-encoding': 'chunked' }
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage
}

async function write(to: PassThrough, bytes: number): Promise<void> {
  to.write(Buffer.alloc(bytes, 'x'))
  await new Promise(setImmediate)
}

test('bodies that are still coming count against what all may take together', async () => {
  const budget = { free: 100 }
  const [first, second] = [arriving(), arriving()]
  const bodies = [first, second].map((incoming) => readBody(incoming, 'chat', budget))
  await write(first, 60)
  await write(second, 60)
  expect(await bodies[1]).toEqual({ kind: 'streamed' })
  // What was read of it already is in its stream again.
  expect(second.read()).toHaveLength(60)
  expect(budget.free).toBe(40)
  first.end()
  const held = await (bodies[0] as (typeof bodies)[number])
  expect(held.kind).toBe('held')
  expect(budget.free).toBe(40)
  releaseBody(held, budget)
  expect(budget.free).toBe(100)
})

test('a client that leaves within its body gives back what it took', async () => {
  const budget = { free: 100 }
  const incoming = arriving()
  const body = readBody(incoming, 'chat', budget)
  await write(incoming, 60)
  expect(budget.free).toBe(40)
  incoming.destroy()
  await expect(body).rejects.toThrow('closed the connection')
  expect(budget.free).toBe(100)
})
