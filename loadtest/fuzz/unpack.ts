import { once } from 'node:events'
import type { Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Coding } from './case.ts'

// Of a coding that breaks off, whatever can be had.
const toTheLastByte = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }

const unpackers: Readonly<Record<Exclude<Coding, 'identity'>, () => Transform>> = {
  gzip: () => createGunzip(toTheLastByte),
  deflate: () => createInflate(toTheLastByte),
  br: () =>
    createBrotliDecompress({
      flush: constants.BROTLI_OPERATION_FLUSH,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
}

/** More steps than this for one body only cost time. */
const stepsMax = 20_000

/** Undoes a coding as far as the bytes go: byte by byte, because what comes with a wrong byte is lost with it. */
export async function unpack(bytes: Buffer, coding: Coding): Promise<{ bytes: Buffer; isWhole: boolean }> {
  if (coding === 'identity') return { bytes, isWhole: true }
  const unpacker = unpackers[coding]()
  const parts: Buffer[] = []
  unpacker.on('data', (part: Buffer) => parts.push(part))
  // Bytes behind a whole gzip member are taken for another one, and refused after the end was told.
  unpacker.on('error', () => undefined)
  const ended = once(unpacker, 'end').then(
    () => true,
    () => false,
  )
  const step = Math.ceil(bytes.length / stepsMax)
  for (let at = 0; at < bytes.length; at += step) unpacker.write(bytes.subarray(at, at + step))
  unpacker.end()
  const isWhole = await ended
  return { bytes: Buffer.concat(parts), isWhole }
}
