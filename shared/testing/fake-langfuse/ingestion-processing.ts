import type { Json, JsonObject } from '../../json.ts'
import { recordedEnvironment } from './environment.ts'
import type { TakenEvent } from './ingestion-endpoint.ts'
import type { Observation, Trace } from './observation.ts'
import { listOf } from './otlp-endpoint.ts'
import { costOf, recordedUsage, usageOrEstimate } from './pricing.ts'

export function toTrace(body: JsonObject): Trace {
  return {
    id: String(body.id),
    timestamp: textOf(body.timestamp) ?? new Date().toISOString(),
    name: textOf(body.name),
    userId: textOf(body.userId),
    sessionId: textOf(body.sessionId),
    release: textOf(body.release),
    tags: listOf(body.tags).map(String),
    environment: recordedEnvironment(body.environment),
    metadata: (body.metadata ?? {}) as JsonObject,
  }
}

/** @param before what is known under this id already: later scalars win, metadata merge */
export function toObservation({ type, body }: TakenEvent, before: Observation | undefined): Observation {
  const kind = type.replace(/-(?:create|update)$/, '').toUpperCase()
  const text = (key: string, known: string | null | undefined): string | null =>
    textOf(body[key]) ?? known ?? null
  const model = text('model', before?.model)
  const input = body.input ?? before?.input ?? null
  const output = body.output ?? before?.output ?? null
  const details = recordedUsage(body.usageDetails ?? usageOf(body.usage))
  const usage =
    kind === 'GENERATION'
      ? usageOrEstimate(details, model, input, output)
      : { source: 'none' as const, details }
  return {
    id: String(body.id),
    traceId: text('traceId', before?.traceId) ?? '',
    parentObservationId: text('parentObservationId', before?.parentObservationId),
    type: kind,
    name: text('name', before?.name),
    startTime: text('startTime', before?.startTime) ?? new Date().toISOString(),
    endTime: text('endTime', before?.endTime),
    completionStartTime: text('completionStartTime', before?.completionStartTime),
    model,
    modelParameters: body.modelParameters ?? before?.modelParameters ?? null,
    input,
    output,
    usage,
    cost: costOf(body.costDetails, usage, model),
    level: text('level', before?.level) ?? 'DEFAULT',
    statusMessage: text('statusMessage', before?.statusMessage),
    version: text('version', before?.version),
    environment: recordedEnvironment(body.environment),
    metadata: { ...before?.metadata, ...((body.metadata ?? {}) as JsonObject) },
    // Over this API nothing of the trace stands on the observation.
    trace: { name: null, userId: null, sessionId: null, tags: [], release: null },
    isRoot: (body.parentObservationId ?? null) === null,
  }
}

function usageOf(usage: Json | undefined): JsonObject {
  const { input, output, total, promptTokens, completionTokens, totalTokens } = (usage ?? {}) as JsonObject
  const counts = {
    input: input ?? promptTokens,
    output: output ?? completionTokens,
    total: total ?? totalTokens,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined))
}

const textOf = (value: Json | undefined): string | null =>
  value === undefined || value === null ? null : String(value)
