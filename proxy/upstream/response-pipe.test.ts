import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Coding, codingOf } from '../content-codings/codings.ts'
import { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'
import { cutUsageFrames, decodeAndCutUsageFrames, passThrough } from './response-pipe.ts'

const event = 'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'
const usage = 'data: {"choices":[],"usage":{"total_tokens":2}}\n\n'
const gzip = codingOf('gzip') as Coding

/** The client's side, which buffers no more than `highWaterMark` bytes. */
function client(highWaterMark = 1_000_000) {
  const stream = new PassThrough({ highWaterMark, readableHighWaterMark: highWaterMark })
  return { stream, outgoing: stream as unknown as ServerResponse, read: () => String(stream.read() ?? '') }
}

test('passes chunks through, and reports when the client must drain', async () => {
  const { outgoing, stream } = client(4)
  let drained = 0
  const pipe = passThrough(outgoing, () => drained++)
  expect(pipe.write(Buffer.from('abc'))).toBe(true)
  expect(pipe.write(Buffer.from('defgh'))).toBe(false)
  expect(drained).toBe(0)
  stream.resume()
  await nextTurn()
  expect(drained).toBe(1)
})

test('cuts the usage frame, and flushes an incomplete last event at the end', () => {
  const { outgoing, read } = client()
  const cutter = new UsageFrameCutter()
  const pipe = cutUsageFrames(outgoing, cutter, () => undefined)
  pipe.write(Buffer.from(`${event}${usage}data: [DO`))
  expect(read()).toBe(event)
  let flushed = false
  pipe.end(() => {
    flushed = true
  })
  expect([read(), flushed, cutter.cutFrames]).toEqual(['data: [DO', true, 1])
})

test('decodes a compressed stream, and flushes only after the decoder has ended', async () => {
  const { outgoing, read } = client()
  const pipe = decodeAndCutUsageFrames(outgoing, gzip, new UsageFrameCutter(), () => undefined, fail)
  const bytes = gzipSync(event + usage)
  pipe.write(bytes.subarray(0, 15))
  pipe.write(bytes.subarray(15))
  await new Promise<void>((resolve) => pipe.end(resolve))
  expect(read()).toBe(event)
})

test('ignores padding after the end of a compressed stream, and whatever follows', async () => {
  const { outgoing, read } = client()
  const pipe = decodeAndCutUsageFrames(outgoing, gzip, new UsageFrameCutter(), () => undefined, fail)
  pipe.write(Buffer.concat([gzipSync(event), Buffer.alloc(10)]))
  while (read() !== event) await nextTurn()
  await nextTurn()
  expect(pipe.write(Buffer.alloc(1_000_000))).toBe(true)
  await new Promise<void>((resolve) => pipe.end(resolve))
})

test('an empty compressed body flushes at once', () => {
  let flushed = false
  const pipe = decodeAndCutUsageFrames(client().outgoing, gzip, new UsageFrameCutter(), () => undefined, fail)
  pipe.end(() => {
    flushed = true
  })
  expect(flushed).toBe(true)
})

test('reports bytes that are not in the coding', async () => {
  const cause = await new Promise<Error>((resolve) => {
    const pipe = decodeAndCutUsageFrames(
      client().outgoing,
      gzip,
      new UsageFrameCutter(),
      () => undefined,
      resolve,
    )
    pipe.write(Buffer.from('this is not gzip'))
  })
  expect(cause).toMatchObject({ code: 'Z_DATA_ERROR' })
})

function fail(cause: Error): never {
  throw cause
}
