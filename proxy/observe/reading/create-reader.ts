import { codingOf } from '../../content-codings/codings.ts'
import type { Fold } from '../folds/fold.ts'
import { createBodyReader } from './body-reader.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { createMediaReader, isBinaryMedia } from './media-reader.ts'
import type { ResponseMeta, ResponseReader, SyncResponseReader } from './response-reader.ts'
import { createStreamReader } from './stream-reader.ts'

/** @returns the way to read an answer that begins like this */
export function createReader(head: ResponseMeta, fold: Fold, maxBytes: number): ResponseReader {
  const plain = createSyncReader(head, fold, maxBytes)
  return head.encoding === '' ? plain : createDecodingReader(plain, codingOf(head.encoding))
}

function createSyncReader(head: ResponseMeta, fold: Fold, maxBytes: number): SyncResponseReader {
  const succeeded = head.status < 400
  if (succeeded && head.mediaType === 'text/event-stream') return createStreamReader(fold)
  if (succeeded && isBinaryMedia(head.mediaType)) return createMediaReader(head, maxBytes)
  return createBodyReader(head, fold, maxBytes)
}
