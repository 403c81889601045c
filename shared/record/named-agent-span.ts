import { createHash } from 'node:crypto'
import type { InferenceRecord } from './record.ts'

/**
 * The one span around all calls of an agent that its caller named, in a trace that he named too; each record has a span id
 * of its own for it (`trace.agentSpanId`), for sinks that take each span once.
 * @returns 16 lower-case hex, the same for all calls of an agent under one parent, in every process; undefined for other calls
 */
export function namedAgentSpanId({ trace, context, run }: InferenceRecord): string | undefined {
  if (trace.agentSpanId === undefined || context.agentKey === undefined || run?.agent !== undefined)
    return undefined
  const place = JSON.stringify([trace.traceId, trace.parentSpanId ?? '', context.agentKey])
  return createHash('sha256').update(place).digest('hex').slice(0, 16)
}
