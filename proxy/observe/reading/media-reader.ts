import { createHash } from 'node:crypto'
import type { ResponseMeta, SyncResponseReader } from './response-reader.ts'

/** Measures a body that is not text. Its hash is given up when it is longer than `maxHashedBytes`. */
export function createMediaReader({ mediaType }: ResponseMeta, maxHashedBytes: number): SyncResponseReader {
  const hash = createHash('sha256')
  let bytes = 0

  return {
    push(chunk) {
      bytes += chunk.length
      if (bytes <= maxHashedBytes) hash.update(chunk)
    },
    end() {
      const sha256 = bytes <= maxHashedBytes ? { sha256: hash.digest('hex') } : {}
      const output = { kind: 'media', mediaType, bytes, ...sha256 } as const
      return { answer: { output, usage: { provenance: 'missing' }, ended: true }, unseenBytes: 0 }
    },
  }
}

/** True for what is neither text nor JSON. */
export function isBinaryMedia(mediaType: string): boolean {
  return (
    /^(image|audio|video|font)\//.test(mediaType) ||
    /^application\/(octet-stream|pdf|zip|gzip|x-tar)$/.test(mediaType)
  )
}
