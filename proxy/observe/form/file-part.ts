import { createHash } from 'node:crypto'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MediaSide } from '../capture/media-capture.ts'
import { lengthMark } from '../capture/text-lengths.ts'
import type { FormPart, PartHeader } from './part.ts'

/**
 * Models take less than this in one call. The files of batches and vector stores reach gigabytes: they are recorded
 * without a hash, because hashing them would take time from other calls.
 */
export const maxHashedBytes = 64 * 1024 * 1024

/**
 * A file: described by type, size and hash. An incomplete one has no hash.
 * @param media where its bytes go, where they are kept
 */
export function filePart(
  { mediaType, filename }: Pick<PartHeader, 'mediaType' | 'filename'>,
  media?: MediaSide,
): FormPart {
  const hash = createHash('sha256')
  const kept = media?.grow()
  let bytes = 0
  let sha256: string | undefined
  let complete = false

  return {
    get complete() {
      return complete
    },
    push(chunk) {
      bytes += chunk.length
      kept?.push(chunk)
      if (bytes <= maxHashedBytes) hash.update(chunk)
    },
    end() {
      complete = true
      kept?.end(mediaType)
      if (bytes <= maxHashedBytes) sha256 = hash.digest('hex')
    },
    value(content) {
      const name = content === 'lengths' && filename !== undefined ? lengthMark(filename) : filename
      return omitUndefined({
        filename: name,
        mediaType,
        bytes,
        sha256,
        cutOff: complete ? undefined : true,
      })
    },
  }
}
