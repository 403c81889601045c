import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

/** A content coding, and how to decode it. */
export type Coding = {
  /** Opens a decoder for a stream that starts with these bytes; it emits each part as soon as it can be decoded. */
  open(first: Buffer): Decoder
  /**
   * @returns the decoded bytes; of a truncated body as many as can be decoded
   * @throws Error where they are not in this coding, or decode to more than `maxBytes`
   */
  decode(bytes: Buffer, maxBytes: number): Buffer
}

/** `bytesWritten` counts the compressed bytes that were decoded. */
export type Decoder = Transform & { readonly bytesWritten: number }

// Flushing instead of finishing decodes a truncated body as far as it goes.
const deflated = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }
const brotli = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
}

const gzip: Coding = {
  open: () => zlib.createGunzip(deflated),
  decode: (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { ...deflated, maxOutputLength }),
}

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2; RFC 1950: method 8 in the low bits of byte 0); some servers send raw deflate. */
const deflate: Coding = {
  open: (first) => (isZlib(first) ? zlib.createInflate(deflated) : zlib.createInflateRaw(deflated)),
  decode(bytes, maxOutputLength) {
    const options = { ...deflated, maxOutputLength }
    return isZlib(bytes) ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)
  },
}

const isZlib = ([first = 0]: Buffer): boolean => (first & 0x0f) === 8

const br: Coding = {
  open: () => zlib.createBrotliDecompress(brotli),
  decode: (bytes, maxOutputLength) => zlib.brotliDecompressSync(bytes, { ...brotli, maxOutputLength }),
}

type Zstd = {
  createZstdDecompress(options: object): Decoder
  zstdDecompressSync(bytes: Buffer, options: object): Buffer
  readonly constants: { readonly ZSTD_e_flush: number }
}

/** Node has zstd since 22.15; the types of Node 20 lack it. */
function zstdOf(node: object): Coding | undefined {
  if (!('createZstdDecompress' in node)) return undefined
  const { createZstdDecompress, zstdDecompressSync, constants } = node as Zstd
  const flushed = { flush: constants.ZSTD_e_flush, finishFlush: constants.ZSTD_e_flush }
  return {
    open: () => createZstdDecompress(flushed),
    decode: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { ...flushed, maxOutputLength }),
  }
}

const zstd = zstdOf(zlib)

// A Map, because an upstream may name any coding, even `constructor`.
const codings: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', br],
  ...(zstd === undefined ? [] : ([['zstd', zstd]] as const)),
])

/** @returns undefined where we cannot decode the coding, or there are several */
export function codingOf(contentEncoding: string): Coding | undefined {
  return codings.get(contentEncoding.trim().toLowerCase())
}

/** True for an error that a decoder throws where bytes are not in its coding. */
export function isCodingError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^(Z_|ERR__ERROR_|ZSTD_)/.test(String(cause.code))
}
