import { createHash } from 'node:crypto'
import type { ResponseMeta, SyncResponseReader } from './response-reader.ts'

/** Measures a body that is not text. One longer than `maxHashedBytes` is recorded without a hash. */
export function createMediaReader({ mediaType }: ResponseMeta, maxHashedBytes: number): SyncResponseReader {
  const hash = createHash('sha256')
  let bytes = 0

  return {
    push(chunk) {
      bytes += chunk.length
      if (bytes <= maxHashedBytes) hash.update(chunk)
    },
    end() {
      const isHashed = bytes <= maxHashedBytes
      const output = {
        kind: 'media',
        mediaType,
        bytes,
        ...(isHashed && { sha256: hash.digest('hex') }),
      } as const
      return { response: { output, usage: { provenance: 'missing' }, ended: true }, unseenBytes: 0 }
    },
  }
}

/** True for media types that are neither text nor JSON. */
export function isBinaryMedia(mediaType: string): boolean {
  return (
    /^(image|audio|video|font)\//.test(mediaType) ||
    /^application\/(octet-stream|pdf|zip|gzip|x-tar)$/.test(mediaType)
  )
}
