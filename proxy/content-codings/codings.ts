import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

/** A way to compress bodies, and how to undo it. */
export type Coding = {
  /** Opens a decoder for a stream that begins with these bytes; it hands on each part as soon as it came. */
  open(first: Buffer): Decoder
  /**
   * @returns what the bytes say, as far as they go
   * @throws Error where they are not in this coding, or say more than `maxBytes`
   */
  undo(bytes: Buffer, maxBytes: number): Buffer
}

/** `bytesWritten` counts the compressed bytes that were decoded. */
export type Decoder = Transform & { readonly bytesWritten: number }

// A flush instead of an end takes a body that was cut off for what it is.
const deflated = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }
const brotli = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
}

const gzip: Coding = {
  open: () => zlib.createGunzip(deflated),
  undo: (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { ...deflated, maxOutputLength }),
}

/** RFC 9110 means zlib's format by `deflate` (RFC 1950: method 8 in the low bits of its first byte); some send the raw one. */
const deflate: Coding = {
  open: (first) => (isZlib(first) ? zlib.createInflate(deflated) : zlib.createInflateRaw(deflated)),
  undo(bytes, maxOutputLength) {
    const options = { ...deflated, maxOutputLength }
    return isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)
  },
}

const isZlib = ([first = 0]: Buffer): boolean => (first & 0x0f) === 8

const br: Coding = {
  open: () => zlib.createBrotliDecompress(brotli),
  undo: (bytes, maxOutputLength) => zlib.brotliDecompressSync(bytes, { ...brotli, maxOutputLength }),
}

type Zstd = {
  createZstdDecompress(options: object): Decoder
  zstdDecompressSync(bytes: Buffer, options: object): Buffer
  readonly constants: { readonly ZSTD_e_flush: number }
}

/** Node has it since 22.15; the types of Node 20 do not know it. */
function zstdOf(node: object): Coding | undefined {
  if (!('createZstdDecompress' in node)) return undefined
  const { createZstdDecompress, zstdDecompressSync, constants } = node as Zstd
  const flushed = { flush: constants.ZSTD_e_flush, finishFlush: constants.ZSTD_e_flush }
  return {
    open: () => createZstdDecompress(flushed),
    undo: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { ...flushed, maxOutputLength }),
  }
}

const zstd = zstdOf(zlib)

// A Map, because an upstream may name any coding, `constructor` too.
const codings: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', br],
  ...(zstd === undefined ? [] : ([['zstd', zstd]] as const)),
])

/** @returns undefined where we cannot undo the coding, or there are several */
export function codingOf(contentEncoding: string): Coding | undefined {
  return codings.get(contentEncoding.trim().toLowerCase())
}

/** True for what a decoder throws where bytes are not in their coding. */
export function isCodingError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^(Z_|ERR__ERROR_|ZSTD_)/.test(String(cause.code))
}
