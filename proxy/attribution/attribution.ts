import type { JsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { newSpanId } from '../../shared/record/ids.ts'
import type { CallContext, TraceIds } from '../../shared/record/record.ts'
import { type Attributes, mergeMetadata, type SourcedValue } from './attributes.ts'
import { boundedMetadata } from './bounded-metadata.ts'
import type { Field } from './names/fields.ts'
import type { Sources } from './sources.ts'
import { toSpanId, toTraceId } from './trace-ids.ts'

/** Whose call it is, and where in which trace. */
export type Attribution = { readonly context: CallContext; readonly trace: TraceIds }

/** Ids made once for a call, whether it comes to need them or not. */
export type FreshIds = { readonly traceId: string; readonly spanId: string; readonly agentSpanId: string }

/** @param traceId made with the call, for the case that nobody names one */
export const freshIds = (traceId: string): FreshIds => ({
  traceId,
  spanId: newSpanId(),
  agentSpanId: newSpanId(),
})

/**
 * Takes each field from the first place that has it; metadata of all places is joined, the first one winning
 * key by key. A thread id without a session id is also the session id; a session id is never a trace id.
 */
export function attribute({ said, caller }: Sources, ids: FreshIds): Attribution {
  const told = mergeByPrecedence(said)
  const trace = traceOf(said, told, ids)
  const inCallersTrace = trace.traceId === caller?.traceId
  return {
    context: omitUndefined({
      threadId: told.threadId?.value,
      sessionId: told.sessionId?.value,
      userId: told.userId?.value,
      agentKey: told.agentKey?.value,
      traceName: told.traceName?.value,
      spanName: told.spanName?.value,
      environment: told.environment?.value,
      tags: told.tags?.value ?? [],
      ...boundedMetadata({ ...foreignIds(told, trace), ...told.metadata?.value }),
      sources: sourcesOf(told),
    }),
    trace: inCallersTrace && !caller.sampled ? { ...trace, sampled: false } : trace,
  }
}

function mergeByPrecedence(said: readonly Attributes[]): Attributes {
  const told: { [F in Field]?: SourcedValue<F> } = {}
  for (const place of said) {
    for (const field of Object.keys(place) as Field[]) {
      if (field === 'metadata')
        told.metadata = mergeMetadata(told.metadata, place.metadata as SourcedValue<'metadata'>)
      else if (told[field] === undefined) Object.assign(told, { [field]: place[field] })
    }
  }
  // A thread without a session is a session.
  if (told.threadId !== undefined) told.sessionId ??= { ...told.threadId }
  return told
}

function traceOf(said: readonly Attributes[], told: Attributes, ids: FreshIds): TraceIds {
  const traceId = told.traceId === undefined ? ids.traceId : toTraceId(told.traceId.value)
  const parentSpanId = told.traceId === undefined ? undefined : parentOf(said, traceId)
  return omitUndefined({
    traceId,
    spanId: ids.spanId,
    parentSpanId,
    agentSpanId: told.agentKey === undefined ? undefined : ids.agentSpanId,
  })
}

/** A parent belongs to its own trace only: that of a place which names another trace is none of ours. */
function parentOf(said: readonly Attributes[], traceId: string): string | undefined {
  const inTrace = said.filter(
    (place) => place.traceId === undefined || toTraceId(place.traceId.value) === traceId,
  )
  const parents = inTrace.flatMap((place) => toSpanId(place.parentSpanId?.value ?? '') ?? [])
  return parents[0]
}

/** Ids that could not stay as the caller wrote them. */
function foreignIds(told: Attributes, trace: TraceIds): JsonObject {
  const traceId = told.traceId?.value
  const parent = told.parentSpanId?.value
  return omitUndefined({
    trace_id: traceId === trace.traceId ? undefined : traceId,
    parent_span_id: parent === undefined || toSpanId(parent) !== undefined ? undefined : parent,
  })
}

function sourcesOf(told: Attributes): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(told).map(([field, { from }]) => [field, from])
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
