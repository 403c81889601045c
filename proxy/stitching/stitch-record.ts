import type { Json } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Output } from '../../shared/record/output.ts'
import type { Ending, InferenceRecord } from '../../shared/record/record.ts'
import type { ToolSpan } from '../../shared/record/run.ts'
import type { Capture } from '../observe/capture/capture.ts'
import { captureToolSpans } from './capture-tool-spans.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { readAnswer } from './reading/answer.ts'
import { readConversation } from './reading/read-conversation.ts'
import type { AnsweredCall, EndedCall, Stitched } from './stitched-call.ts'

/** What linking needs of a call beside its record, which may hold less of its content. */
export type ObservedExchange = {
  /** Body of the request; undefined where it was not read. */
  readonly body: Json | undefined
  readonly output: Output | undefined
  /** Hash of the client's credentials. */
  readonly tenant: string
}

/** @returns undefined for calls without a conversation */
export function endedCall(
  record: InferenceRecord,
  { body, output, tenant }: ObservedExchange,
  hash: KeyedHash,
): EndedCall | undefined {
  const conversation = readConversation(record.operation, body)
  if (conversation === undefined) return undefined
  const { id, trace, context, upstream, request, response, times, ending } = record
  const session = context.sessionId ?? context.threadId
  const endedAt = Math.floor(times.startedAt + times.durationMs)
  return {
    id,
    scope: hash('scope', upstream, tenant, session ?? ''),
    hasSession: session !== undefined,
    traceId: trace.traceId,
    isExplicit: context.sources?.traceId !== undefined,
    spanId: trace.spanId,
    startedAt: times.startedAt,
    endedAt,
    isFailed: failed.has(ending),
    conversation,
    answer: { ...readAnswer(output), ...omitUndefined({ responseId: response.id }) },
    ...omitUndefined({
      callerSpanId: trace.parentSpanId,
      agentKey: context.agentKey,
      attemptOf: request.attemptOf,
    }),
  }
}

/** @returns what linking needs of a call whose answer came later than the call */
export function answeredCall(record: InferenceRecord, output: Output | undefined): AnsweredCall {
  const { id, trace, times, response } = record
  return {
    id,
    spanId: trace.spanId,
    startedAt: times.startedAt,
    endedAt: Math.floor(times.startedAt + times.durationMs),
    answer: { ...readAnswer(output), ...omitUndefined({ responseId: response.id }) },
  }
}

/** No answer, or not all of it: clients ask again. Many servers end streams without saying so, which is no failure. */
const failed: ReadonlySet<Ending> = new Set<Ending>([
  'upstream_error',
  'error_in_stream',
  'client_closed',
  'upstream_closed',
  'timed_out',
  'process_died',
])

/** The record with its run; decided once, before anybody else sees it. */
export function withRun(record: InferenceRecord, stitched: Stitched, capture: Capture): InferenceRecord {
  const { traceId, parentSpanId, link, run, toolSpans } = stitched
  const { parentSpanId: _, ...trace } = record.trace
  const linked: InferenceRecord = {
    ...record,
    trace: { ...trace, traceId, ...omitUndefined({ parentSpanId }) },
    link,
    run,
  }
  return withToolSpans(linked, toolSpans, capture)
}

/** @param toolSpans before CAPTURE_CONTENT is applied */
export const withToolSpans = (
  record: InferenceRecord,
  toolSpans: readonly ToolSpan[],
  capture: Capture,
): InferenceRecord =>
  toolSpans.length === 0 ? record : { ...record, toolSpans: captureToolSpans(toolSpans, capture) }
