import { EventEmitter, once } from 'node:events'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { codingOf } from '../../content-codings/codings.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { maxDecodedBytes } from './limits.ts'
import type { SyncResponseReader } from './response-reader.ts'

const gzip = codingOf('gzip')

/** A reading that notes what it is shown. */
function noting() {
  const shown = { text: '', bytes: 0, at: [] as number[] }
  const arrivals = new EventEmitter()
  const plain: SyncResponseReader = {
    push(chunk, at) {
      shown.bytes += chunk.length
      if (shown.bytes < 1_000) shown.text += chunk
      shown.at.push(at)
      arrivals.emit('push')
    },
    end: () => ({ answer: { usage: { provenance: 'missing' }, ended: true }, unseenBytes: 5 }),
  }
  return { plain, shown, pushed: () => once(arrivals, 'push') }
}

test('shows each part as soon as it came, with the time of its chunk', async () => {
  const { plain, shown, pushed } = noting()
  const reading = createDecodingReader(plain, gzip)
  const compressor = createGzip({ flush: constants.Z_SYNC_FLUSH })
  for (const [at, text] of ['one', 'two'].entries()) {
    compressor.write(text)
    const [part] = await once(compressor, 'data')
    const seen = pushed()
    reading.push(part, at)
    await seen
  }
  expect(shown).toMatchObject({ text: 'onetwo', at: [0, 1] })
  expect((await reading.end()).unseenBytes).toBe(5)
})

test('counts as unseen what follows bytes that are not in their coding', async () => {
  const { plain, shown, pushed } = noting()
  const reading = createDecodingReader(plain, gzip)
  const member = gzipSync('begun')
  const seen = pushed()
  reading.push(member.subarray(0, -8), 1)
  await seen
  reading.push(Buffer.from('not its checksum, and what comes after it'), 2)
  expect((await reading.end()).unseenBytes).toBe(5 + 41)
  expect(shown.text).toBe('begun')
})

test('gives an answer up that grows without measure, and counts the rest of it', async () => {
  const { plain, shown } = noting()
  const reading = createDecodingReader(plain, gzip)
  const bomb = gzipSync(Buffer.alloc(2 * maxDecodedBytes))
  reading.push(bomb, 1)
  const { unseenBytes } = await reading.end()
  expect(shown.bytes).toBeLessThanOrEqual(maxDecodedBytes)
  expect(shown.bytes).toBeGreaterThan(maxDecodedBytes / 2)
  expect(unseenBytes).toBeGreaterThan(5)
  expect(unseenBytes).toBeLessThan(5 + bomb.length)
})

test('an answer in a coding that nobody knows is unseen, at once', () => {
  const { plain, shown } = noting()
  const reading = createDecodingReader(plain, codingOf('compress'))
  reading.push(Buffer.from('abc'), 1)
  expect(reading.end()).toMatchObject({ unseenBytes: 5 + 3 })
  expect(shown.bytes).toBe(0)
})

test('what fails in the reading itself is told at the end', async () => {
  const { plain, pushed } = noting()
  const failing: SyncResponseReader = {
    ...plain,
    push(chunk, at) {
      plain.push(chunk, at)
      throw new Error('a defect')
    },
  }
  const reading = createDecodingReader(failing, gzip)
  const seen = pushed()
  reading.push(gzipSync('x'), 1)
  await seen
  await expect(reading.end()).rejects.toThrow('a defect')
})
