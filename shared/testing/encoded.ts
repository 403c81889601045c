import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

/** Encoders by content-encoding; `deflate` in both forms that servers send. */
export const encodings = {
  gzip: { coding: 'gzip', encode: (bytes: Buffer) => gzipSync(bytes) },
  deflate: { coding: 'deflate', encode: (bytes: Buffer) => deflateSync(bytes) },
  'raw deflate': { coding: 'deflate', encode: (bytes: Buffer) => deflateRawSync(bytes) },
  br: { coding: 'br', encode: (bytes: Buffer) => brotliCompressSync(bytes) },
  zstd: { coding: 'zstd', encode: zstdStored },
} as const

export type EncodingName = keyof typeof encodings

/** A Zstandard frame (RFC 8878 §3.1.1) of raw blocks: Node 20 has no Zstandard. */
function zstdStored(bytes: Buffer): Buffer {
  const blockMax = 65_536
  const windowOf1MiB = 0x50
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, windowOf1MiB])]
  for (let at = 0; at === 0 || at < bytes.length; at += blockMax) {
    const block = bytes.subarray(at, at + blockMax)
    const isLast = at + blockMax >= bytes.length ? 1 : 0
    const header = Buffer.alloc(3)
    header.writeUIntLE(block.length * 8 + isLast, 0, 3)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}
