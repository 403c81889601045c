import type { Json, JsonObject } from '../../json.ts'
import { chatViewOf } from './chat/chat-view.ts'
import { recordedEnvironment } from './environment.ts'
import type { AcceptedEvent } from './ingestion-endpoint.ts'
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
    isPublic: body.public === true,
    input: body.input ?? null,
    output: body.output ?? null,
    tags: listOf(body.tags).map(String),
    environment: recordedEnvironment(body.environment),
    metadata: (body.metadata ?? {}) as JsonObject,
  }
}

/**
 * @param previous of the same id: later scalars win, metadata merge, what is not sent again stays
 * (IngestionService.mergeObservationRecords)
 */
export function toObservation({ type, body }: AcceptedEvent, previous: Observation | undefined): Observation {
  const kind = type.replace(/-(?:create|update)$/, '').toUpperCase()
  const text = (key: string, fallback: string | null | undefined): string | null =>
    textOf(body[key]) ?? fallback ?? null
  const model = text('model', previous?.model)
  const input = body.input ?? previous?.input ?? null
  const output = body.output ?? previous?.output ?? null
  const own = recordedUsage(body.usageDetails ?? usageOf(body.usage))
  const details = Object.keys(own).length === 0 ? (previous?.usage.details ?? own) : own
  const costDetails = body.costDetails ?? costsOf(body.usage)
  const modelParameters = body.modelParameters ?? previous?.modelParameters ?? null
  const usage =
    kind === 'GENERATION'
      ? usageOrEstimate(details, model, [input, output], costDetails)
      : { source: 'none' as const, details }
  return {
    id: String(body.id),
    traceId: text('traceId', previous?.traceId) ?? '',
    parentObservationId: text('parentObservationId', previous?.parentObservationId),
    type: kind,
    name: text('name', previous?.name),
    startTime: text('startTime', previous?.startTime) ?? new Date().toISOString(),
    endTime: text('endTime', previous?.endTime),
    completionStartTime: text('completionStartTime', previous?.completionStartTime),
    model,
    modelParameters,
    input,
    output,
    view: chatViewOf(input, output),
    usage,
    cost: costOf(costDetails, usage, model, modelParameters),
    level: text('level', previous?.level) ?? 'DEFAULT',
    statusMessage: text('statusMessage', previous?.statusMessage),
    version: text('version', previous?.version),
    environment: recordedEnvironment(body.environment),
    metadata: { ...previous?.metadata, ...((body.metadata ?? {}) as JsonObject) },
    prompt: promptOf(body.promptName, body.promptVersion),
    // Over this API an observation has no fields of its trace.
    trace: {
      name: null,
      userId: null,
      sessionId: null,
      tags: [],
      release: null,
      isPublic: false,
      input: null,
      output: null,
    },
    isRoot: (body.parentObservationId ?? null) === null,
    isTraceRoot: false,
  }
}

export function promptOf(name: Json | undefined, version: Json | undefined): Observation['prompt'] {
  const number = Number(version ?? Number.NaN)
  return typeof name === 'string' && Number.isInteger(number) ? { name, version: number } : null
}

/** Version 2 has the costs in the usage. */
function costsOf(usage: Json | undefined): JsonObject {
  const { inputCost, outputCost, totalCost } = (usage ?? {}) as JsonObject
  const costs = { input: inputCost, output: outputCost, total: totalCost }
  return Object.fromEntries(Object.entries(costs).filter(([, cost]) => cost !== undefined))
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
