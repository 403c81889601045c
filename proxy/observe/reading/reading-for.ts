import { codingOf } from '../../content-codings/codings.ts'
import type { Fold } from '../folds/fold.ts'
import { bodyReading } from './body.ts'
import { decodedReading } from './decoded.ts'
import { isMedia, mediaReading } from './media.ts'
import type { PlainReading, Reading, ResponseHead } from './reading.ts'
import { streamReading } from './stream.ts'

/** @returns the way to read an answer that begins like this */
export function readingFor(head: ResponseHead, fold: Fold, maxBytes: number): Reading {
  const plain = plainReadingFor(head, fold, maxBytes)
  return head.encoding === '' ? plain : decodedReading(plain, codingOf(head.encoding))
}

function plainReadingFor(head: ResponseHead, fold: Fold, maxBytes: number): PlainReading {
  const succeeded = head.status < 400
  if (succeeded && head.mediaType === 'text/event-stream') return streamReading(fold)
  if (succeeded && isMedia(head.mediaType)) return mediaReading(head, maxBytes)
  return bodyReading(head, fold, maxBytes)
}
