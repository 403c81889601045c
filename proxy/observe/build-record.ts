import { isJsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord, StreamFacts } from '../../shared/record/record.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import type { Call } from './call.ts'
import type { Capture } from './capture/capture.ts'
import { captureInput, captureOutput } from './capture/content.ts'
import { type CallEnding, endingOf, runsOn } from './ending.ts'
import { fetchedResponse } from './fetched-response.ts'
import type { ReadResult } from './reading/response-reader.ts'
import { inputOf, readRequest } from './request.ts'

/** What was observed of the response. Times are in ms of the monotonic clock. */
export type ObservedResponse = {
  readonly status?: number
  readonly requestId?: string
  readonly limits?: Readonly<Record<string, string>>
  readonly bodyBytes: number
  readonly firstByteAt?: number
  readonly endedAt: number
  readonly read?: ReadResult
}

/** Builds the record of one call. */
export function buildRecord(
  call: Call,
  capture: Capture,
  observed: ObservedResponse,
  end: RelayEnd,
  requestBytes: number,
): InferenceRecord {
  const { status, requestId, limits, bodyBytes, firstByteAt, endedAt, read } = observed
  const { response, stream, firstTokenAt, unseenBytes } = read ?? nothingRead
  const streamed = stream !== undefined
  const ended = endingOf(
    end,
    omitUndefined({ status, error: response?.error, streamed, ended: response?.ended ?? false }),
  )
  const isBackground =
    response?.served?.background === true || (isJsonObject(call.body) && call.body.background === true)
  const isGoingOn =
    call.operation === 'responses' && runsOn(ended, response?.served?.state, isBackground, streamed)
  const { ending, error } = isGoingOn ? ({ ending: 'running' } as CallEnding) : ended
  const fetched = fetchedResponse(call, response)
  const sinceStart = (at: number | undefined) => (at === undefined ? undefined : at - call.startedMonotonic)
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
    request: requestOf(call, capture, requestBytes),
    response: omitUndefined({
      model: response?.model,
      id: response?.id,
      status,
      requestId,
      limits,
      bodyBytes,
      unseenBytes: unseenBytes || undefined,
      ...response?.served,
    }),
    input: captureInput(inputOf(call.operation, call.body), capture),
    output: captureOutput(response?.output, capture),
    content: capture.content === 'full' ? undefined : capture.content,
    usage: (fetched === undefined ? response?.usage : undefined) ?? missingUsage,
    fetched,
    times: omitUndefined({
      startedAt: call.startedAt,
      firstByteMs: sinceStart(firstByteAt),
      firstTokenMs: sinceStart(firstTokenAt),
      durationMs: endedAt - call.startedMonotonic,
    }),
    stream: stream && { ...stream, ...arrivalsOf(read, sinceStart) },
    ending,
    error,
  })
}

type Arrivals = Pick<StreamFacts, 'largestGapFromMs' | 'lastEventMs'>

const arrivalsOf = (
  read: ReadResult | undefined,
  sinceStart: (at: number | undefined) => number | undefined,
): Arrivals =>
  omitUndefined({
    largestGapFromMs: sinceStart(read?.largestGapAt),
    lastEventMs: sinceStart(read?.lastEventAt),
  })

// Field by field: a spread before other fields takes V8's slow path.
function requestOf(call: Call, capture: Capture, bodyBytes: number): InferenceRecord['request'] {
  const { model, stream, parameters } = readRequest(call.body, capture.content)
  const { retry, clientId, attemptOf } = call
  return omitUndefined({ model, stream, parameters, bodyBytes, retry, clientId, attemptOf })
}

const missingUsage = { provenance: 'missing' } as const
const nothingRead: Partial<ReadResult> = {}
