import { once } from 'node:events'
import type { Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Coding } from './case.ts'

// Decodes as much as possible of a truncated coding.
const partialOutput = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }

const decompressors: Readonly<Record<Exclude<Coding, 'identity'>, () => Transform>> = {
  gzip: () => createGunzip(partialOutput),
  deflate: () => createInflate(partialOutput),
  br: () =>
    createBrotliDecompress({
      flush: constants.BROTLI_OPERATION_FLUSH,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
}

// More writes for one body only cost time.
const maxWrites = 20_000

/** Decodes as far as possible: in small writes, because a write that fails loses all of its output. */
export async function decompress(
  bytes: Buffer,
  coding: Coding,
): Promise<{ bytes: Buffer; isComplete: boolean }> {
  if (coding === 'identity') return { bytes, isComplete: true }
  const decompressor = decompressors[coding]()
  const parts: Buffer[] = []
  decompressor.on('data', (part: Buffer) => parts.push(part))
  // Bytes after a complete gzip member are read as another member, and fail after `end` was emitted.
  decompressor.on('error', () => undefined)
  const ended = once(decompressor, 'end').then(
    () => true,
    () => false,
  )
  const step = Math.ceil(bytes.length / maxWrites)
  for (let at = 0; at < bytes.length; at += step) decompressor.write(bytes.subarray(at, at + step))
  decompressor.end()
  const isComplete = await ended
  return { bytes: Buffer.concat(parts), isComplete }
}
