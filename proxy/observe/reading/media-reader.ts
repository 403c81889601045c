import { createHash } from 'node:crypto'
import type { Output } from '../../../shared/record/output.ts'
import type { AnswerMedia } from '../folds/answer-media.ts'
import type { ReadResult, ResponseMeta, SyncResponseReader } from './response-reader.ts'

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
      return readOf(output)
    },
  }
}

/** The same for a body whose bytes are kept (CAPTURE_MEDIA=upload). */
export function createKeptMediaReader(
  { mediaType }: ResponseMeta,
  { grow }: AnswerMedia,
): SyncResponseReader {
  const medium = grow()
  return {
    push: medium.push,
    end: () => readOf({ kind: 'media', ...medium.end(mediaType) }),
  }
}

const readOf = (output: Output): ReadResult => ({
  response: { output, usage: { provenance: 'missing' }, ended: true },
  unseenBytes: 0,
})

/** True for media types that are neither text nor JSON. */
export function isBinaryMedia(mediaType: string): boolean {
  return (
    /^(image|audio|video|font)\//.test(mediaType) ||
    /^application\/(octet-stream|pdf|zip|gzip|x-tar)$/.test(mediaType)
  )
}
