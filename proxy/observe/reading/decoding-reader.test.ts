import { EventEmitter, once } from 'node:events'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { codingOf } from '../../content-codings/codings.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { maxDecodedBytes } from './limits.ts'
import type { SyncResponseReader } from './response-reader.ts'

const gzip = codingOf('gzip')

/** A reader that notes what is pushed. */
function notingReader() {
  const received = { text: '', bytes: 0, at: [] as number[] }
  const arrivals = new EventEmitter()
  const reader: SyncResponseReader = {
    push(chunk, at) {
      received.bytes += chunk.length
      if (received.bytes < 1_000) received.text += chunk
      received.at.push(at)
      arrivals.emit('push')
    },
    end: () => ({ response: { usage: { provenance: 'missing' }, ended: true }, unseenBytes: 5 }),
  }
  return { reader, received, pushed: () => once(arrivals, 'push') }
}

test('passes each part on as soon as it arrives, with the time of its chunk', async () => {
  const { reader, received, pushed } = notingReader()
  const decoding = createDecodingReader(reader, gzip)
  const compressor = createGzip({ flush: constants.Z_SYNC_FLUSH })
  for (const [at, text] of ['one', 'two'].entries()) {
    compressor.write(text)
    const [part] = await once(compressor, 'data')
    const processed = pushed()
    decoding.push(part, at)
    await processed
  }
  expect(received).toMatchObject({ text: 'onetwo', at: [0, 1] })
  expect((await decoding.end()).unseenBytes).toBe(5)
})

test('counts everything after malformed bytes as unseen', async () => {
  const { reader, received, pushed } = notingReader()
  const decoding = createDecodingReader(reader, gzip)
  const member = gzipSync('begun')
  const processed = pushed()
  decoding.push(member.subarray(0, -8), 1)
  await processed
  decoding.push(Buffer.from('not its checksum, and what comes after it'), 2)
  expect((await decoding.end()).unseenBytes).toBe(5 + 41)
  expect(received.text).toBe('begun')
})

test('stops at 64 MiB of decompressed bytes, and counts the rest as unseen', async () => {
  const { reader, received } = notingReader()
  const decoding = createDecodingReader(reader, gzip)
  const bomb = gzipSync(Buffer.alloc(2 * maxDecodedBytes))
  decoding.push(bomb, 1)
  const { unseenBytes } = await decoding.end()
  expect(received.bytes).toBeLessThanOrEqual(maxDecodedBytes)
  expect(received.bytes).toBeGreaterThan(maxDecodedBytes / 2)
  expect(unseenBytes).toBeGreaterThan(5)
  expect(unseenBytes).toBeLessThan(5 + bomb.length)
})

test('counts a response in an unknown coding as unseen, synchronously', () => {
  const { reader, received } = notingReader()
  const decoding = createDecodingReader(reader, codingOf('compress'))
  decoding.push(Buffer.from('abc'), 1)
  expect(decoding.end()).toMatchObject({ unseenBytes: 5 + 3 })
  expect(received.bytes).toBe(0)
})

test('rejects at the end where the reader itself throws', async () => {
  const { reader, pushed } = notingReader()
  const failing: SyncResponseReader = {
    ...reader,
    push(chunk, at) {
      reader.push(chunk, at)
      throw new Error('a defect')
    },
  }
  const decoding = createDecodingReader(failing, gzip)
  const processed = pushed()
  decoding.push(gzipSync('x'), 1)
  await processed
  await expect(decoding.end()).rejects.toThrow('a defect')
})
