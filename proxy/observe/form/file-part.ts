import { createHash } from 'node:crypto'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { lengthOf } from '../capture/lengths.ts'
import type { FormPart, PartHead } from './part.ts'

/**
 * What a model is given in one call is smaller. The files of batches and vector stores reach gigabytes: the hash
 * of these is given up, because it would take the time of other calls.
 */
export const maxHashedBytes = 64 * 1024 * 1024

/** A file: told by its type, size and hash, never kept. One that broke off has no hash. */
export function filePart({ mediaType, filename }: Pick<PartHead, 'mediaType' | 'filename'>): FormPart {
  const hash = createHash('sha256')
  let bytes = 0
  let sha256: string | undefined
  let whole = false

  return {
    get whole() {
      return whole
    },
    push(chunk) {
      bytes += chunk.length
      if (bytes <= maxHashedBytes) hash.update(chunk)
    },
    end() {
      whole = true
      if (bytes <= maxHashedBytes) sha256 = hash.digest('hex')
    },
    value(content) {
      const name = content === 'lengths' && filename !== undefined ? lengthOf(filename) : filename
      return omitUndefined({ filename: name, mediaType, bytes, sha256, cutOff: whole ? undefined : true })
    },
  }
}
