import { createHash } from 'node:crypto'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { lengthMark } from '../capture/text-lengths.ts'
import type { FormPart, PartHeader } from './part.ts'

/**
 * Models take less than this in one call. The files of batches and vector stores reach gigabytes: they are recorded
 * without a hash, because hashing them would take time from other calls.
 */
export const maxHashedBytes = 64 * 1024 * 1024

/** A file: described by type, size and hash, never kept. An incomplete one has no hash. */
export function filePart({ mediaType, filename }: Pick<PartHeader, 'mediaType' | 'filename'>): FormPart {
  const hash = createHash('sha256')
  let bytes = 0
  let sha256: string | undefined
  let complete = false

  return {
    get complete() {
      return complete
    },
    push(chunk) {
      bytes += chunk.length
      if (bytes <= maxHashedBytes) hash.update(chunk)
    },
    end() {
      complete = true
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
