import type { Json, JsonObject } from '../../../shared/json.ts'
import type { Choice, Output } from '../../../shared/record/output.ts'
import type { Ending, InferenceRecord, Operation } from '../../../shared/record/record.ts'
import { tokensPerSecond } from '../speed.ts'

// What a record is in Langfuse's own terms, whichever of its two protocols carries it.

export type ObservationType = 'generation' | 'embedding' | 'retriever' | 'span'
export type Level = 'DEFAULT' | 'WARNING' | 'ERROR'

/** Settings that shape every observation. */
export type LangfuseContext = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
  /** LANGFUSE_ENABLE_SPANS: also `agent_<key>` spans around generations. */
  readonly spans: boolean
}

const types: Readonly<Record<Operation, ObservationType>> = {
  chat: 'generation',
  text_completion: 'generation',
  responses: 'generation',
  embeddings: 'embedding',
  rerank: 'retriever',
  moderation: 'span',
  image: 'span',
  audio: 'span',
  relay: 'span',
}

export const typeOf = ({ operation }: InferenceRecord): ObservationType => types[operation] ?? 'span'

const levels: Readonly<Record<Ending, Level>> = {
  completed: 'DEFAULT',
  client_closed: 'WARNING',
  truncated: 'WARNING',
  upstream_error: 'ERROR',
  error_in_stream: 'ERROR',
  upstream_closed: 'ERROR',
  timed_out: 'ERROR',
}

export const levelOf = ({ ending }: InferenceRecord): Level => levels[ending] ?? 'DEFAULT'

/** `chat gpt-4o-mini` as the OpenTelemetry conventions have it; `GET /v1/files` for what is only relayed. */
export function nameOf(record: InferenceRecord): string {
  const model = record.request.model ?? record.response.model
  if (record.context.spanName !== undefined) return record.context.spanName
  if (record.operation === 'relay') return `${record.method} ${record.route}`
  return model === undefined ? record.operation : `${record.operation} ${model}`
}

export const modelOf = ({ request, response }: InferenceRecord): string | undefined =>
  response.model ?? request.model

export function statusMessageOf({ error, ending }: InferenceRecord): string | undefined {
  if (error !== undefined) return `${error.type}: ${error.message}`
  return ending === 'completed' ? undefined : ending
}

/** The span `agent_<key>` around a record, where it has one. */
export function agentOf(
  { trace, context }: InferenceRecord,
  { spans }: LangfuseContext,
): { readonly id: string; readonly name: string } | undefined {
  if (!spans || trace.agentSpanId === undefined || context.agentKey === undefined) return undefined
  return { id: trace.agentSpanId, name: `agent_${context.agentKey}` }
}

/** @returns the moment of the first token, ISO */
export function completionStartOf({ times }: InferenceRecord): string | undefined {
  if (times.firstTokenMs === undefined) return undefined
  return new Date(Math.round(times.startedAt + times.firstTokenMs)).toISOString()
}

/** @returns the environment that the caller named, or the pod's */
export const environmentOf = ({ context }: InferenceRecord, settings: LangfuseContext): string | undefined =>
  context.environment ?? settings.environment

/** The caller's metadata, without what stands in a field of its own already. */
export function metadataOf({ context }: InferenceRecord): JsonObject {
  const fields: Readonly<Record<string, Json | undefined>> = {
    thread_id: context.threadId,
    session_id: context.sessionId,
    user_id: context.userId,
    agent_key: context.agentKey,
    trace_name: context.traceName,
  }
  const entries = Object.entries(context.metadata).filter(
    ([key, value]) => !Object.hasOwn(fields, key) || fields[key] !== value,
  )
  return Object.fromEntries(entries)
}

/**
 * What has no field of its own in Langfuse. The thread stands here only where it is not the session, and the
 * agent's key where no span is named for it, so that nothing is told twice.
 */
export function factsOf(record: InferenceRecord, settings: LangfuseContext): JsonObject {
  const { context, request, response, stream, usage } = record
  const facts: Record<string, Json | undefined> = {
    call_id: record.id,
    thread_id: context.threadId === context.sessionId ? undefined : context.threadId,
    agent_key: agentOf(record, settings) === undefined ? context.agentKey : undefined,
    context_source: context.sources,
    metadata_cut: context.metadataCut,
    provider: record.provider,
    upstream: record.upstream,
    route: `${record.method} ${record.route}`,
    http_status: response.status,
    ending: record.ending,
    finish_reasons: finishReasonsOf(record.output),
    response_id: response.id,
    request_id: response.requestId,
    limits: response.limits,
    request_bytes: request.bodyBytes,
    response_bytes: response.bodyBytes,
    retry: request.retry === 0 ? undefined : request.retry,
    client_request_id: request.clientId,
    attempt_of: request.attemptOf,
    usage_provenance: usage.provenance,
    audio_seconds: record.output?.kind === 'text' ? record.output.seconds : undefined,
    language: record.output?.kind === 'text' ? record.output.language : undefined,
    unseen_bytes: response.unseenBytes,
    stream_events: stream?.events,
    output_tokens_per_second: tokensPerSecond(record),
    stream_unknown_events: stream?.unknownEvents,
    stream_largest_gap_ms: stream === undefined ? undefined : Math.round(stream.largestGapMs),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

function finishReasonsOf(output: Output | undefined): readonly string[] | undefined {
  if (output?.kind === 'items' && output.finishReason !== undefined) return [output.finishReason]
  if (output?.kind !== 'choices') return undefined
  const reasons = output.choices.flatMap(({ finishReason }) => finishReason ?? [])
  return reasons.length === 0 ? undefined : reasons
}

/** @returns the answer in OpenAI's shapes, which Langfuse knows how to show */
export function outputOf(output: Output | undefined): Json | undefined {
  if (output === undefined) return undefined
  switch (output.kind) {
    case 'choices':
      return output.choices.length === 1 ? output.choices.map(messageOf)[0] : output.choices.map(messageOf)
    case 'items':
      return output.items
    case 'text':
      return output.segments === undefined ? output.text : { text: output.text, segments: output.segments }
    case 'json':
      return output.value
    case 'ranking':
      return { count: output.count, best: output.best }
    case 'moderation':
    case 'vectors':
    case 'images':
    case 'media': {
      const { kind, ...facts } = output
      return facts
    }
  }
}

function messageOf(choice: Choice): JsonObject {
  return defined({
    role: choice.role ?? 'assistant',
    content: choice.content ?? null,
    reasoning: choice.reasoning,
    refusal: choice.refusal,
    tool_calls: choice.toolCalls?.map(({ id, name, arguments: text }) =>
      defined({ id, type: 'function', function: { name, arguments: text } }),
    ),
    audio: choice.audioTranscript === undefined ? undefined : { transcript: choice.audioTranscript },
    annotations: choice.annotations,
    executed_tools: choice.executedTools,
    logprobs: choice.logprobs,
  })
}

function defined(value: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined))
}
