import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody } from './decode-body.ts'

const text = Buffer.from(Array.from({ length: 2_000 }, (_, at) => `event ${at * 7919};`).join(''))
const encoded: readonly (readonly [string, string, Buffer])[] = [
  ['gzip', 'gzip', zlib.gzipSync(text)],
  ['deflate in its zlib format', 'deflate', zlib.deflateSync(text)],
  ['deflate without it', 'deflate', zlib.deflateRawSync(text)],
  ['Brotli', 'br', zlib.brotliCompressSync(text)],
]

test.each(encoded)('decodes %s', (_, encoding, bytes) => {
  expect(decodeBody(bytes, encoding, 1_000_000)).toEqual(text)
})

test.each(encoded)('decodes truncated %s as far as it goes', (_, encoding, bytes) => {
  const decoded = decodeBody(bytes.subarray(0, bytes.length >> 1), encoding, 1_000_000)
  expect(decoded?.length).toBeGreaterThan(100)
  expect(decoded).toEqual(text.subarray(0, decoded?.length))
})

test.each(encoded)('rejects %s that decodes to more than the limit', (_, encoding, bytes) => {
  expect(decodeBody(bytes, encoding, 1_000)).toBeUndefined()
})

test('rejects a body that is not in its encoding, and an unknown encoding', () => {
  expect(decodeBody(text, 'gzip', 1_000_000)).toBeUndefined()
  expect(decodeBody(text, 'compress', 1_000_000)).toBeUndefined()
})

test('returns plain and empty bodies unchanged', () => {
  expect(decodeBody(text, '', 10)).toBe(text)
  expect(decodeBody(Buffer.alloc(0), 'gzip', 10)).toHaveLength(0)
})

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (bytes: Buffer) => Buffer }

test.skipIf(zstdCompressSync === undefined)('decodes zstd, where Node has it', () => {
  const bytes = zstdCompressSync?.(text) ?? text
  expect(decodeBody(bytes, 'zstd', 1_000_000)).toEqual(text)
  expect(decodeBody(bytes, 'zstd', 1_000)).toBeUndefined()
})
