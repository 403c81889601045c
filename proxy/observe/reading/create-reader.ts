import { codingOf } from '../../content-codings/codings.ts'
import type { AnswerMedia } from '../folds/answer-media.ts'
import type { Fold } from '../folds/fold.ts'
import { createBodyReader } from './body-reader.ts'
import { createDecodingReader } from './decoding-reader.ts'
import { createKeptMediaReader, createMediaReader, isBinaryMedia } from './media-reader.ts'
import { createProbingReader } from './probing-reader.ts'
import type { ResponseMeta, ResponseReader, SyncResponseReader } from './response-reader.ts'
import { createStreamReader } from './stream-reader.ts'

/**
 * @param media where the bytes of a body go that is a medium itself, where they are kept
 * @returns a reader for a response with this status, media type and encoding
 */
export function createReader(
  meta: ResponseMeta,
  fold: Fold,
  maxBytes: number,
  media?: AnswerMedia,
): ResponseReader {
  const reader = createDecodedReader(meta, fold, maxBytes, media)
  return meta.encoding === '' ? reader : createDecodingReader(reader, codingOf(meta.encoding))
}

function createDecodedReader(
  meta: ResponseMeta,
  fold: Fold,
  maxBytes: number,
  media: AnswerMedia | undefined,
): SyncResponseReader {
  const isSuccess = meta.status < 400
  if (isSuccess && meta.mediaType === 'text/event-stream') return createStreamReader(fold)
  const readMedia = (): SyncResponseReader =>
    media === undefined ? createMediaReader(meta, maxBytes) : createKeptMediaReader(meta, media)
  const readBody = (): SyncResponseReader =>
    isSuccess && isBinaryMedia(meta.mediaType) ? readMedia() : createBodyReader(meta, fold, maxBytes)
  if (!isSuccess || meta.status < 200) return readBody()
  return createProbingReader(() => createStreamReader(fold), readBody)
}
