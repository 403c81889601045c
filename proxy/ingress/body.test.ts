import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { bodyKindOf, ClientClosedRequestError, readBody, releaseBody } from './body.ts'
import { wantedKeys } from './wanted-keys.ts'

const noTap = { requestData: () => undefined, requestEnd: () => undefined, requestNotHeld: () => undefined }

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
  const bodies = [first, second].map((incoming) => readBody(incoming, wantedKeys, budget, noTap))
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
  const body = readBody(incoming, wantedKeys, budget, noTap)
  await write(incoming, 60)
  expect(budget.free).toBe(40)
  incoming.destroy()
  await expect(body).rejects.toThrow(ClientClosedRequestError)
  expect(budget.free).toBe(100)
})

test('what is tapped of a body is what came, and that it was not held after all', async () => {
  const tapped: string[] = []
  const tap = {
    requestData: (chunk: Buffer) => void tapped.push(chunk.toString()),
    requestEnd: () => void tapped.push('end'),
    requestNotHeld: () => void tapped.push('not held'),
  }
  const incoming = incomingRequest()
  const body = readBody(incoming, wantedKeys, { free: 10 }, tap)
  await write(incoming, 4)
  await write(incoming, 8)
  expect((await body).kind).toBe('streamed')
  expect(tapped).toEqual(['xxxx', 'not held'])
})

test.each([
  [{}, 'chat', 'none'],
  [{ 'content-length': '0' }, 'chat', 'none'],
  [{ 'content-length': '5' }, 'chat', 'held'],
  [{ 'transfer-encoding': 'chunked' }, 'chat', 'held'],
  [{ 'content-length': '5', 'content-type': 'multipart/form-data; boundary=x' }, 'audio', 'streamed'],
  [{ 'content-length': '5' }, 'relay', 'streamed'],
  [{ 'content-length': '33554433' }, 'chat', 'streamed'],
  [{ 'content-length': '101' }, 'chat', 'streamed', 100],
] as const)(
  'a body with the head %j of a call of the kind %s is %s',
  (headers, operation, kind, free: number = 1e9) => {
    expect(bodyKindOf({ headers } as unknown as IncomingMessage, operation, { free })).toBe(kind)
  },
)
