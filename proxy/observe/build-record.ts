import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Call, RelayEnd } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { captureInput, captureOutput } from './capture/content.ts'
import { endingOf } from './ending.ts'
import type { ReadResult } from './reading/response-reader.ts'
import { inputOf, readRequest } from './request.ts'

/** What was observed of the answer. Times are on the monotonic clock, in ms. */
export type ObservedResponse = {
  readonly status?: number
  readonly requestId?: string
  readonly limits?: Readonly<Record<string, string>>
  readonly bodyBytes: number
  readonly firstByteAt?: number
  readonly endedAt: number
  readonly seen?: ReadResult
}

/** Puts together the record of one call. */
export function buildRecord(
  call: Call,
  capture: Capture,
  observed: ObservedResponse,
  end: RelayEnd,
  requestBytes: number,
): InferenceRecord {
  const { status, requestId, limits, bodyBytes, firstByteAt, endedAt, seen } = observed
  const { answer, stream, firstTokenAt, unseenBytes } = seen ?? nothingRead
  const { ending, error } = endingOf(end, {
    ...omitUndefined({ status, error: answer?.error }),
    streamed: stream !== undefined,
    ended: answer?.ended ?? false,
  })
  const since = (at: number | undefined) => (at === undefined ? undefined : at - call.startedMonotonic)
  return omitUndefined({
    v: 1 as const,
    id: call.id,
    trace: call.trace,
    context: call.context,
    operation: call.operation,
    method: call.method,
    route: call.route,
    provider: call.provider,
    upstream: call.upstream,
    request: {
      ...readRequest(call.body),
      bodyBytes: requestBytes,
      retry: call.retry,
      ...omitUndefined({ clientId: call.clientId, attemptOf: call.attemptOf }),
    },
    response: omitUndefined({
      model: answer?.model,
      id: answer?.id,
      status,
      requestId,
      limits,
      bodyBytes,
      unseenBytes: unseenBytes || undefined,
    }),
    input: captureInput(inputOf(call.operation, call.body), capture),
    output: captureOutput(answer?.output, capture),
    content: capture.content === 'full' ? undefined : capture.content,
    usage: answer?.usage ?? ({ provenance: 'missing' } as const),
    times: omitUndefined({
      startedAt: call.startedAt,
      firstByteMs: since(firstByteAt),
      firstTokenMs: since(firstTokenAt),
      durationMs: endedAt - call.startedMonotonic,
    }),
    stream,
    ending,
    error,
  })
}

const nothingRead: Partial<ReadResult> = {}
