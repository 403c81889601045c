import { isJsonObject, type JsonObject } from '../../../shared/json.ts'
import { inclusiveUsage } from '../../../shared/record/inclusive-usage.ts'
import { operationNames } from '../../../shared/record/operation-name.ts'
import type { InferenceRecord, Operation } from '../../../shared/record/record.ts'
import { tokensPerSecond } from '../../../shared/record/tokens-per-second.ts'
import type { TokenCounts } from '../../../shared/record/usage.ts'
import { stringifyWellFormed, toWellFormed } from '../well-formed-text.ts'
import { inputMessages, outputMessages, textParts } from './messages.ts'
import {
  type AttributeValues,
  contentText,
  type ResourceAndScope,
  type Span,
  spanKind,
  spanTimes,
  toAttributes,
} from './otlp-json.ts'
import { endedAgents, toolSpan } from './run-spans.ts'

/** Settings that describe this process. */
export type OtlpResource = {
  readonly environment?: string | undefined
  readonly release?: string | undefined
}

export function resourceAndScope({ environment, release }: OtlpResource): ResourceAndScope {
  const resource = toAttributes({
    'service.name': 'threadtap',
    'service.version': release,
    'deployment.environment.name': environment,
  })
  return { resource, scope: { name: 'threadtap' } }
}

/**
 * Maps a record to the OpenTelemetry conventions for generative AI
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/): one client span, and for an agent's
 * call the `invoke_agent` span around it. Of a run each tool is a span, and the agent is one when it has answered, since
 * back ends of this protocol take each span once.
 */
export function toGenAiSpans(record: InferenceRecord): readonly Span[] {
  const { trace, context, run, toolSpans = [] } = record
  if (run?.agent !== undefined) {
    return [
      ...endedAgents(record),
      ...toolSpans.map((tool) => toolSpan(record, tool)),
      callSpan(record, run.agent.spanId),
    ]
  }
  const agentSpanId = context.agentKey === undefined ? undefined : trace.agentSpanId
  // The caller's agent has a span around each of its calls here.
  const parent = agentSpanId === undefined ? {} : { parentSpanId: agentSpanId }
  const tools = toolSpans.map((tool) => toolSpan(record, tool.byProvider ? tool : { ...tool, ...parent }))
  if (agentSpanId === undefined) return [...tools, callSpan(record, trace.parentSpanId)]
  return [agentSpan(record, agentSpanId), ...tools, callSpan(record, agentSpanId)]
}

function callSpan(record: InferenceRecord, parentSpanId: string | undefined): Span {
  const { trace, error } = record
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: spanName(record),
    kind: spanKind.client,
    ...spanTimes(record),
    attributes: toAttributes({ ...contextValues(record), ...callValues(record) }),
    status: error === undefined ? {} : { code: 2, message: toWellFormed(error.message) },
  }
}

function agentSpan(record: InferenceRecord, spanId: string): Span {
  const { trace, context, provider } = record
  return {
    traceId: trace.traceId,
    spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }),
    name: `invoke_agent ${toWellFormed(context.agentKey ?? '')}`,
    kind: spanKind.internal,
    ...spanTimes(record),
    attributes: toAttributes({
      ...contextValues(record),
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': provider,
    }),
    status: {},
  }
}

function spanName({ operation, request, method, route, context }: InferenceRecord): string {
  if (context.spanName !== undefined) return toWellFormed(context.spanName)
  if (operation === 'relay') return toWellFormed(`${method} ${route}`)
  const name = operationNames[operation] ?? operation
  return request.model === undefined ? name : toWellFormed(`${name} ${request.model}`)
}

function contextValues({ context, run, link }: InferenceRecord): AttributeValues {
  const sessionId = context.sessionId ?? context.threadId
  return {
    'gen_ai.conversation.id': context.threadId ?? sessionId ?? run?.conversationId,
    'gen_ai.conversation.compacted': link?.compacted,
    'gen_ai.agent.name': context.agentKey ?? run?.agent?.name.replace(/^agent_/, ''),
    'threadtap.link': link?.kind,
    'threadtap.link.refused': link?.refused,
    'threadtap.link.relation': link?.relation,
    'threadtap.link.parent_call': link?.parentCallId,
    'session.id': sessionId,
    'user.id': context.userId,
    'deployment.environment.name': context.environment,
    'threadtap.trace.name': context.traceName,
    'threadtap.tags': context.tags,
    'threadtap.metadata': jsonOf(context.metadata),
    'threadtap.context.source': jsonOf(context.sources ?? {}),
  }
}

function callValues(record: InferenceRecord): AttributeValues {
  const { request, response, output, usage, times, error } = record
  const messages = inputMessages(record.input)
  const responseMessages = outputMessages(output)
  const isModelCall = operationNames[record.operation] !== undefined
  return {
    'gen_ai.operation.name': operationNames[record.operation] ?? record.operation,
    'gen_ai.provider.name': record.provider,
    'gen_ai.request.model': request.model,
    'gen_ai.response.model': response.model,
    'gen_ai.response.id': response.id,
    'gen_ai.response.finish_reasons': finishReasons(record),
    'gen_ai.input.messages':
      isModelCall && messages !== undefined ? stringifyWellFormed(messages) : contentText(record.input),
    'gen_ai.system_instructions': systemInstructions(record),
    'gen_ai.output.messages': responseMessages && stringifyWellFormed(responseMessages),
    ...parameterValues(request.parameters),
    ...limitValues(response.limits),
    ...(usage.provenance === 'missing' ? {} : usageValues(usage, record.operation)),
    'gen_ai.embeddings.dimension.count': output?.kind === 'vectors' ? output.dimensions : undefined,
    'http.request.method': record.method,
    'http.response.status_code': response.status,
    'url.path': record.route,
    'error.type': error?.type,
    'threadtap.call.id': record.id,
    'threadtap.client_request_id': request.clientId,
    'threadtap.attempt_of': request.attemptOf,
    'threadtap.ending': record.ending,
    'threadtap.usage.provenance': usage.provenance,
    'threadtap.output_tokens_per_second': tokensPerSecond(record),
    'threadtap.stream.largest_gap_ms': record.stream?.largestGapMs,
    'threadtap.time_to_first_token_ms': times.firstTokenMs,
  }
}

/** Rate limit headers, named as in the HTTP conventions. */
function limitValues(limits: Readonly<Record<string, string>> = {}): AttributeValues {
  const entries = Object.entries(limits).map(([name, value]) => [`http.response.header.${name}`, [value]])
  return Object.fromEntries(entries)
}

/** The conventions include cached tokens in the input, and reasoning in the output. */
function usageValues(usage: TokenCounts, operation: Operation): AttributeValues {
  const { input, output, reasoning, cachedInput, cacheWrite } = inclusiveUsage(usage, operation)
  return {
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cachedInput,
    'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
    'gen_ai.usage.reasoning.output_tokens': reasoning,
    'threadtap.usage.cost_usd': usage.cost,
  }
}

// OpenAI's name of a request parameter to the convention's.
const parameterNames: Readonly<Record<string, string>> = {
  temperature: 'gen_ai.request.temperature',
  top_p: 'gen_ai.request.top_p',
  top_k: 'gen_ai.request.top_k',
  max_tokens: 'gen_ai.request.max_tokens',
  max_completion_tokens: 'gen_ai.request.max_tokens',
  max_output_tokens: 'gen_ai.request.max_tokens',
  frequency_penalty: 'gen_ai.request.frequency_penalty',
  presence_penalty: 'gen_ai.request.presence_penalty',
  seed: 'gen_ai.request.seed',
  n: 'gen_ai.request.choice.count',
}

function parameterValues(parameters: JsonObject): AttributeValues {
  const entries = Object.entries(parameters).flatMap(([key, value]) => {
    const name = parameterNames[key]
    return name !== undefined && typeof value === 'number' ? [[name, value] as const] : []
  })
  const sequences = parameters.stop_sequences
  return {
    ...Object.fromEntries(entries),
    'gen_ai.request.stop_sequences': Array.isArray(sequences) ? sequences.map(String) : undefined,
  }
}

/** Anthropic's Messages API keeps them beside the messages. */
function systemInstructions({ operation, input }: InferenceRecord): string | undefined {
  if (operation !== 'messages' || !isJsonObject(input) || input.system === undefined) return undefined
  return stringifyWellFormed(textParts(input.system))
}

function finishReasons({ output }: InferenceRecord): readonly string[] | undefined {
  if ((output?.kind === 'items' || output?.kind === 'message') && output.finishReason !== undefined) {
    return [output.finishReason]
  }
  return output?.kind === 'choices'
    ? output.choices.flatMap(({ finishReason }) => finishReason ?? [])
    : undefined
}

function jsonOf(value: JsonObject): string | undefined {
  return Object.keys(value).length === 0 ? undefined : stringifyWellFormed(value)
}
