import type { JsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { newSpanId } from '../../shared/record/ids.ts'
import type { CallContext, TraceIds } from '../../shared/record/record.ts'
import { type Attributes, mergeByPrecedence } from './attributes.ts'
import { boundedMetadata } from './bounded-metadata.ts'
import type { Field } from './names/fields.ts'
import type { Sources } from './sources.ts'
import { toSpanId, toTraceId } from './trace-ids.ts'

/** The thread, session, user and agent of a call, and its place in a trace. */
export type Attribution = { readonly context: CallContext; readonly trace: TraceIds }

/** Generated once for a call, so that a later attribution of it keeps the same ids. */
export type FreshIds = { readonly traceId: string; readonly spanId: string; readonly agentSpanId: string }

/** @param traceId made with the call, for the case that nobody names one */
export const freshIds = (traceId: string): FreshIds => ({
  traceId,
  spanId: newSpanId(),
  agentSpanId: newSpanId(),
})

/**
 * Takes each field from the source with the highest precedence; metadata of all sources is merged. A thread
 * id without a session id is also the session id; a session id is never a trace id.
 */
export function attribute({ attributes, caller }: Sources, ids: FreshIds): Attribution {
  const merged = withSession(mergeByPrecedence(attributes))
  const trace = traceOf(attributes, merged, ids)
  const { metadata, metadataCut } = boundedMetadata({
    ...originalIds(merged, trace),
    ...merged.metadata?.value,
  })
  const inCallersTrace = trace.traceId === caller?.traceId
  return {
    context: omitUndefined({
      threadId: merged.threadId?.value,
      sessionId: merged.sessionId?.value,
      userId: merged.userId?.value,
      agentKey: merged.agentKey?.value,
      traceName: merged.traceName?.value,
      spanName: merged.spanName?.value,
      environment: merged.environment?.value,
      tags: merged.tags?.value ?? [],
      metadata,
      metadataCut,
      sources: sourcesOf(merged),
    }),
    trace: inCallersTrace && !caller.sampled ? { ...trace, sampled: false } : trace,
  }
}

function withSession(merged: Attributes): Attributes {
  if (merged.threadId === undefined || merged.sessionId !== undefined) return merged
  return { ...merged, sessionId: { ...merged.threadId } }
}

function traceOf(attributes: readonly Attributes[], merged: Attributes, ids: FreshIds): TraceIds {
  const traceId = merged.traceId === undefined ? ids.traceId : toTraceId(merged.traceId.value)
  const parentSpanId = merged.traceId === undefined ? undefined : parentOf(attributes, traceId)
  return omitUndefined({
    traceId,
    spanId: ids.spanId,
    parentSpanId,
    agentSpanId: merged.agentKey === undefined ? undefined : ids.agentSpanId,
  })
}

/** A parent span belongs to its own trace: sources that name another trace are skipped. */
function parentOf(attributes: readonly Attributes[], traceId: string): string | undefined {
  const inTrace = attributes.filter(
    (source) => source.traceId === undefined || toTraceId(source.traceId.value) === traceId,
  )
  const parents = inTrace.flatMap((source) => toSpanId(source.parentSpanId?.value ?? '') ?? [])
  return parents[0]
}

/** Ids that the trace cannot carry as the caller wrote them; kept in the metadata. */
function originalIds(merged: Attributes, trace: TraceIds): JsonObject {
  const traceId = merged.traceId?.value
  const parent = merged.parentSpanId?.value
  return omitUndefined({
    trace_id: traceId === trace.traceId ? undefined : traceId,
    parent_span_id: parent === undefined || toSpanId(parent) !== undefined ? undefined : parent,
  })
}

function sourcesOf(merged: Attributes): Readonly<Record<string, string>> | undefined {
  let sources: Record<string, string> | undefined
  for (const field in merged) {
    sources ??= {}
    sources[field] = (merged[field as Field] as { readonly source: string }).source
  }
  return sources
}
