import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

/** Opens a decoder for a stream that begins with these bytes. */
export type Decoder = (first: Buffer) => Transform

// Sync flush hands every part on as soon as it came, and takes a stream that was cut off for what it is.
const zlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }
const brotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
}

// A Map, because an upstream may name any coding, `constructor` too. Without zstd, which Node has since 22.15
// only: it is not asked for, and passes as it came where it is sent all the same.
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', () => zlib.createGunzip(zlibOptions)],
  ['x-gzip', () => zlib.createGunzip(zlibOptions)],
  // RFC 9110 means zlib's format (RFC 1950: method 8 in the low bits of its first byte); some send the raw one.
  [
    'deflate',
    ([first = 0]) =>
      (first & 0x0f) === 8 ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions),
  ],
  ['br', () => zlib.createBrotliDecompress(brotliOptions)],
])

/** @returns undefined where we cannot undo the coding */
export function decoderFor(contentEncoding: string): Decoder | undefined {
  return decoders.get(contentEncoding.trim().toLowerCase())
}

/**
 * Narrows what a client offers to what we can undo.
 * @param acceptEncoding the client's header, if it sent one
 * @returns the header to send instead, or undefined where the client's may stay
 */
export function readableEncodings(acceptEncoding: string | undefined): string | undefined {
  if (acceptEncoding === undefined) return undefined
  const offered = acceptEncoding.split(',').map((coding) => coding.trim())
  const readable = offered.filter((coding) => {
    const name = coding.split(';')[0]?.trim().toLowerCase() ?? ''
    return name === 'identity' || decoders.has(name)
  })
  if (readable.length === offered.length) return undefined
  return readable.length === 0 ? 'identity' : readable.join(', ')
}
