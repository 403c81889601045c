import { codingOf } from '../../content-codings/codings.ts'
import type { Fold } from '../folds/fold.ts'
import { createBodyReader } from './body-reader.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { createMediaReader, isBinaryMedia } from './media-reader.ts'
import type { ResponseMeta, ResponseReader, SyncResponseReader } from './response-reader.ts'
import { createStreamReader } from './stream-reader.ts'

/** @returns a reader for a response with this status, media type and encoding */
export function createReader(meta: ResponseMeta, fold: Fold, maxBytes: number): ResponseReader {
  const reader = createDecodedReader(meta, fold, maxBytes)
  return meta.encoding === '' ? reader : createDecodingReader(reader, codingOf(meta.encoding))
}

function createDecodedReader(meta: ResponseMeta, fold: Fold, maxBytes: number): SyncResponseReader {
  const isSuccess = meta.status < 400
  if (isSuccess && meta.mediaType === 'text/event-stream') return createStreamReader(fold)
  if (isSuccess && isBinaryMedia(meta.mediaType)) return createMediaReader(meta, maxBytes)
  return createBodyReader(meta, fold, maxBytes)
}
