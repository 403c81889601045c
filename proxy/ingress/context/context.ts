import type { IncomingHttpHeaders } from 'node:http'
import type { Json, JsonObject } from '../../../shared/json.ts'
import { newSpanId, newTraceId } from '../../../shared/record/ids.ts'
import type { CallContext, TraceIds } from '../../../shared/record/record.ts'
import { readBodyContext } from './body.ts'
import { readHeaderContext } from './headers.ts'
import { readTraceparent, toTraceId } from './trace.ts'

/** What one place (headers, body, ...) says of a call. */
export type Said = {
  readonly threadId?: string
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  /** As the caller writes it: any text. */
  readonly traceId?: string
  readonly traceName?: string
  readonly tags?: readonly string[]
  readonly metadata?: JsonObject
}

/**
 * Finds out whose call it is. Each field is taken from the first place that has it: our headers, then the
 * body; trace and parent from `x-trace-id`, then `traceparent`. Metadata of all places is joined, the first
 * place winning key by key.
 * @param body the parsed request body, where there is one
 */
export function readContext(
  headers: IncomingHttpHeaders,
  body: Json | undefined,
): { context: CallContext; trace: TraceIds } {
  const places = [readHeaderContext(headers), readBodyContext(body)]
  const first = <K extends keyof Said>(field: K): Said[K] | undefined =>
    places.map((place) => place[field]).find((value) => value !== undefined)

  const threadId = first('threadId')
  const agentKey = first('agentKey')
  const foreignTraceId = first('traceId')
  const context = withoutAbsent({
    threadId,
    // A thread without a session is a session.
    sessionId: first('sessionId') ?? threadId,
    userId: first('userId'),
    agentKey,
    traceName: first('traceName'),
    tags: first('tags') ?? [],
    metadata: Object.assign({}, ...places.map((place) => place.metadata ?? {}).reverse()) as JsonObject,
  })
  return {
    context: keepForeignTraceId(context, foreignTraceId),
    trace: traceIds(headers, foreignTraceId, agentKey),
  }
}

function traceIds(headers: IncomingHttpHeaders, foreign: string | undefined, agentKey?: string): TraceIds {
  const caller = readTraceparent(headers.traceparent)
  const traceId = foreign === undefined ? caller?.traceId : toTraceId(foreign)
  return {
    traceId: traceId ?? newTraceId(),
    spanId: newSpanId(),
    // A parent belongs to its own trace only.
    ...(caller !== undefined && caller.traceId === traceId ? { parentSpanId: caller.parentSpanId } : {}),
    ...(agentKey === undefined ? {} : { agentSpanId: newSpanId() }),
  }
}

function keepForeignTraceId(context: CallContext, foreign: string | undefined): CallContext {
  if (foreign === undefined || toTraceId(foreign) === foreign) return context
  return { ...context, metadata: { trace_id: foreign, ...context.metadata } }
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

function withoutAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}
