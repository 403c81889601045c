import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Call, CallObserver } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { foldFor } from './folds/fold-for.ts'
import { readLimits } from './rate-limits.ts'
import { lookBytes } from './reading/limits.ts'
import { type Reading, readHead, type Seen } from './reading/reading.ts'
import { readingFor } from './reading/reading-for.ts'
import { recordOf } from './record.ts'

/** Begins to watch a call. The observer does no I/O and holds a bounded part of what it is shown. */
export function observe(call: Call, capture: Capture, clock: Clock): CallObserver {
  let status: number | undefined
  let requestId: string | undefined
  let limits: Readonly<Record<string, string>> | undefined
  let reading: Reading | undefined
  let firstByteAt: number | undefined
  let bodyBytes = 0

  return {
    responseStarted(answeredStatus, headers) {
      status = answeredStatus
      requestId = headers['x-request-id'] ?? headers['apim-request-id'] ?? headers['request-id']
      limits = readLimits(headers)
      const fold = foldFor(call.operation, { left: capture.maxBytes })
      reading = readingFor(readHead(answeredStatus, headers), fold, lookBytes(capture, call.operation))
    },
    responseData(chunk) {
      const now = clock.monotonic()
      firstByteAt ??= now
      bodyBytes += chunk.length
      reading?.push(chunk, now)
    },
    finish(end, requestBytes) {
      const endedAt = clock.monotonic()
      const record = (seen: Seen | undefined): InferenceRecord => {
        const observed = omitUndefined({ status, requestId, limits, bodyBytes, firstByteAt, endedAt, seen })
        return recordOf(call, capture, observed, end, requestBytes)
      }
      const seen = reading?.end()
      return seen instanceof Promise ? seen.then(record) : record(seen)
    },
  }
}
