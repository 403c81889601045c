import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { buildRecord } from './build-record.ts'
import type { Call, CallObserver } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { answerMedia } from './folds/answer-media.ts'
import type { Fold, FoldedResponse } from './folds/fold.ts'
import { foldFor } from './folds/fold-for.ts'
import { type EventWatcher, watchedFold } from './folds/watched-fold.ts'
import { readRateLimits } from './rate-limits.ts'
import { createReader } from './reading/create-reader.ts'
import { maxReadBytes } from './reading/limits.ts'
import { type ReadResult, type ResponseReader, responseMeta } from './reading/response-reader.ts'

/**
 * @param watchers shown the parsed events of the response as well
 * @param onResponse called before `finish` returns or resolves, with what the response adds up to before
 * CAPTURE_CONTENT is applied
 * @returns an observer of this call; it does no I/O and holds a bounded part of the response
 */
export function createCallObserver(
  call: Call,
  capture: Capture,
  watchers: readonly EventWatcher[] = [],
  onResponse?: (response: FoldedResponse) => void,
): CallObserver {
  let status: number | undefined
  let requestId: string | undefined
  let limits: Readonly<Record<string, string>> | undefined
  let fold: Fold | undefined
  let reader: ResponseReader | undefined
  let firstByteAt: number | undefined
  let bodyBytes = 0

  return {
    responseStarted(upstreamStatus, headers) {
      status = upstreamStatus
      requestId = headers['x-request-id'] ?? headers['apim-request-id'] ?? headers['request-id']
      limits = readRateLimits(headers)
      const media = capture.media && answerMedia(capture.media.output, call.body)
      fold = watchedFold(foldFor(call.operation, { left: capture.maxBytes }, media), watchers)
      const maxBytes = maxReadBytes(capture, call.operation)
      reader = createReader(responseMeta(upstreamStatus, headers), fold, maxBytes, media)
    },
    responseData(chunk, at) {
      firstByteAt ??= at
      bodyBytes += chunk.length
      reader?.push(chunk, at)
    },
    progress: () =>
      omitUndefined({
        ...fold?.progress?.(),
        status,
        bodyBytes,
        firstByteAt,
        firstTokenAt: reader?.firstTokenAt?.(),
      }),
    finish(end, requestBytes, endedAt) {
      const record = (read: ReadResult | undefined): InferenceRecord => {
        if (read?.response !== undefined) onResponse?.(read.response)
        const observed = omitUndefined({ status, requestId, limits, bodyBytes, firstByteAt, endedAt, read })
        return buildRecord(call, capture, observed, end, requestBytes)
      }
      const read = reader?.end()
      return read instanceof Promise ? read.then(record) : record(read)
    },
  }
}
