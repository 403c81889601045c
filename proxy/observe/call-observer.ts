import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { buildRecord } from './build-record.ts'
import type { Call, CallObserver } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { foldFor } from './folds/fold-for.ts'
import { readRateLimits } from './rate-limits.ts'
import { createReader } from './reading/create-reader.ts'
import { maxReadBytes } from './reading/limits.ts'
import { type ReadResult, type ResponseReader, responseMeta } from './reading/response-reader.ts'

/** Begins to watch a call. The observer does no I/O and holds a bounded part of what it is shown. */
export function createCallObserver(call: Call, capture: Capture, clock: Clock): CallObserver {
  let status: number | undefined
  let requestId: string | undefined
  let limits: Readonly<Record<string, string>> | undefined
  let reading: ResponseReader | undefined
  let firstByteAt: number | undefined
  let bodyBytes = 0

  return {
    responseStarted(answeredStatus, headers) {
      status = answeredStatus
      requestId = headers['x-request-id'] ?? headers['apim-request-id'] ?? headers['request-id']
      limits = readRateLimits(headers)
      const fold = foldFor(call.operation, { left: capture.maxBytes })
      reading = createReader(
        responseMeta(answeredStatus, headers),
        fold,
        maxReadBytes(capture, call.operation),
      )
    },
    responseData(chunk) {
      const now = clock.monotonic()
      firstByteAt ??= now
      bodyBytes += chunk.length
      reading?.push(chunk, now)
    },
    finish(end, requestBytes) {
      const endedAt = clock.monotonic()
      const record = (seen: ReadResult | undefined): InferenceRecord => {
        const observed = omitUndefined({ status, requestId, limits, bodyBytes, firstByteAt, endedAt, seen })
        return buildRecord(call, capture, observed, end, requestBytes)
      }
      const seen = reading?.end()
      return seen instanceof Promise ? seen.then(record) : record(seen)
    },
  }
}
