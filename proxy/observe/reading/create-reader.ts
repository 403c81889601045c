import { codingOf } from '../../content-codings/codings.ts'
import type { Fold } from '../folds/fold.ts'
import { createBodyReader } from './body-reader.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { createMediaReader, isBinaryMedia } from './media-reader.ts'
import { createProbingReader } from './probing-reader.ts'
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
  const readBody = (): SyncResponseReader =>
    isSuccess && isBinaryMedia(meta.mediaType)
      ? createMediaReader(meta, maxBytes)
      : createBodyReader(meta, fold, maxBytes)
  if (!isSuccess || meta.status < 200) return readBody()
  return createProbingReader(() => createStreamReader(fold), readBody)
}
