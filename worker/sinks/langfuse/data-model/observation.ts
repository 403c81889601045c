import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { InferenceRecord, Operation } from '../../../../shared/record/record.ts'
import { fitContent } from '../length/fit-content.ts'
import { type CallerFields, readCallerFields } from './caller-fields.ts'
import { inputOf, parametersBesideInput } from './input.ts'
import { type Level, levelOf } from './level.ts'
import { observationMetadata } from './metadata.ts'
import { outputOf } from './output.ts'
import { pricedName } from './priced-parts.ts'
import type { LangfuseSettings } from './trace.ts'
import { costDetails, type UsageDetails, usageDetails } from './usage.ts'

export type ObservationType = 'generation' | 'embedding' | 'retriever' | 'span'

/** A call in Langfuse's terms, the same over both of its protocols. */
export type Observation = {
  readonly type: ObservationType
  readonly level: Level
  readonly name: string
  readonly statusMessage: string | undefined
  readonly model: string | undefined
  readonly parameters: JsonObject
  readonly input: Json | undefined
  readonly output: Json | undefined
  /** When the first token arrived, ISO 8601. */
  readonly completionStartTime: string | undefined
  readonly usage: UsageDetails | undefined
  readonly cost: { readonly total: number } | undefined
  readonly metadata: JsonObject
  readonly prompt: CallerFields['prompt']
}

export function observationOf(record: InferenceRecord, settings: LangfuseSettings): Observation {
  const { input, output } = fitContent(inputOf(record), outputOf(record), settings.maxCharacters)
  const leftOut = omitUndefined({ input: input?.leftOut, output: output?.leftOut })
  return {
    type: typeOf(record),
    level: levelOf(record.ending),
    name: nameOf(record),
    statusMessage: statusMessageOf(record),
    model: modelOf(record),
    parameters: parametersOf(record),
    input: input?.value,
    output: output?.value,
    completionStartTime: completionStartTimeOf(record),
    usage: usageDetails(record),
    cost: costDetails(record),
    prompt: readCallerFields(record.context.metadata, settings.callerFields).fields.prompt,
    metadata: {
      ...observationMetadata(record, settings),
      ...(Object.keys(leftOut).length > 0 && { left_out: leftOut }),
    },
  }
}

const types: Readonly<Record<Operation, ObservationType>> = {
  chat: 'generation',
  text_completion: 'generation',
  responses: 'generation',
  messages: 'generation',
  embeddings: 'embedding',
  rerank: 'retriever',
  moderation: 'span',
  image: 'span',
  audio: 'span',
  video: 'span',
  relay: 'span',
}

export const typeOf = ({ operation }: InferenceRecord): ObservationType => types[operation] ?? 'span'

/** `chat gpt-4o-mini` as in the OpenTelemetry conventions; `GET /v1/files` for what is only relayed. */
function nameOf(record: InferenceRecord): string {
  const model = record.request.model ?? record.response.model
  if (record.context.spanName !== undefined) return record.context.spanName
  if (record.operation === 'relay') return `${record.method} ${record.route}`
  return model === undefined ? record.operation : `${record.operation} ${model}`
}

function modelOf({ request, response }: InferenceRecord): string | undefined {
  const model = response.model ?? request.model
  return model === undefined ? undefined : pricedName(model)
}

/**
 * Langfuse prices a call by the tier and the speed in its parameters: those that served it, which may not be the requested
 * ones.
 */
function parametersOf(record: InferenceRecord): JsonObject {
  const { serviceTier, speed } = record.response
  return {
    ...parametersBesideInput(record),
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
    ...(speed !== undefined && { speed }),
  }
}

/** Of one that is completed later it changes at the end: servers that merge both keep what is not sent again. */
function statusMessageOf({ error, ending, response, completedBy }: InferenceRecord): string | undefined {
  if (error !== undefined) return `${error.type}: ${error.message}`
  if (ending === 'running') return `${ending}: ${response.state ?? 'in the background'}`
  if (completedBy !== undefined) return response.state ?? ending
  return ending === 'completed' ? undefined : ending
}

function completionStartTimeOf({ times }: InferenceRecord): string | undefined {
  if (times.firstTokenMs === undefined) return undefined
  return new Date(Math.round(times.startedAt + times.firstTokenMs)).toISOString()
}
