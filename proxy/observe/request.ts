import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { Capture } from './capture/capture.ts'
import { boundedName } from './capture/text.ts'
import { messagesParameters } from './messages-parameters.ts'
import { requestSettings } from './request-settings.ts'

/** What is recorded of a request body apart from its content. */
export type RequestFields = {
  readonly model?: string
  readonly stream: boolean
  readonly parameters: JsonObject
}

/**
 * An allow-list, because everything else may be content or secret. `value`: a number or boolean in the JSON form of
 * the API, which multipart forms send as text.
 */
export const modelParameters: ReadonlyMap<string, 'value' | 'text'> = new Map(
  Object.entries({
    temperature: 'value',
    top_p: 'value',
    top_k: 'value',
    min_p: 'value',
    n: 'value',
    best_of: 'value',
    max_tokens: 'value',
    max_completion_tokens: 'value',
    max_output_tokens: 'value',
    max_tool_calls: 'value',
    frequency_penalty: 'value',
    presence_penalty: 'value',
    repetition_penalty: 'value',
    seed: 'value',
    logprobs: 'value',
    top_logprobs: 'value',
    echo: 'value',
    stop: 'text',
    reasoning_effort: 'text',
    verbosity: 'text',
    service_tier: 'text',
    inference_geo: 'text',
    prompt_cache_key: 'text',
    prompt_cache_retention: 'text',
    thinking_budget: 'value',
    enable_thinking: 'value',
    include_reasoning: 'value',
    reasoning_format: 'text',
    min_tokens: 'value',
    search_mode: 'text',
    parallel_tool_calls: 'value',
    tool_choice: 'text',
    truncation: 'text',
    store: 'value',
    background: 'value',
    dimensions: 'value',
    encoding_format: 'text',
    input_type: 'text',
    top_n: 'value',
    voice: 'text',
    response_format: 'text',
    language: 'text',
    quality: 'text',
    size: 'text',
    seconds: 'text',
    style: 'text',
    speed: 'value',
    output_format: 'text',
    output_compression: 'value',
    partial_images: 'value',
    input_fidelity: 'text',
    moderation: 'text',
    chunking_strategy: 'text',
  } as const),
)

/**
 * @param body the request's JSON, or undefined where it was not read
 * @param content where it is not `full`, settings are recorded without what was written for the model
 */
export function readRequest(body: Json | undefined, content: Capture['content'] = 'full'): RequestFields {
  if (!isJsonObject(body)) return { stream: false, parameters: {} }
  return omitUndefined({
    model: boundedName(body.model),
    stream: body.stream === true,
    parameters: { ...parametersOf(body), ...requestSettings(body, content) },
  })
}

function parametersOf(body: JsonObject): JsonObject {
  const parameters: Record<string, Json> = {}
  // A body may have hundreds of thousands of fields; these are few.
  for (const name of modelParameters.keys()) {
    const value = body[name]
    if (isScalar(value)) parameters[name] = boundedScalar(value)
  }
  return { ...parameters, ...nestedParameters(body), ...messagesParameters(body) }
}

/** The few parameters that are one level deeper. */
function nestedParameters(body: JsonObject): JsonObject {
  const { response_format: chatFormat, text, reasoning, tool_choice: toolChoice } = body
  const format = isJsonObject(chatFormat) ? chatFormat : isJsonObject(text) ? text.format : undefined
  return omitUndefined({
    response_format: scalarIn(format, 'type'),
    verbosity: scalarIn(text, 'verbosity'),
    reasoning_effort: scalarIn(reasoning, 'effort'),
    tool_choice: scalarIn(toolChoice, 'type'),
  })
}

const scalarIn = (parent: Json | undefined, name: string): string | number | boolean | undefined => {
  const value = isJsonObject(parent) ? parent[name] : undefined
  return isScalar(value) ? boundedScalar(value) : undefined
}

/** Some parameters take free text, of which only the beginning of a long one is of use. */
const boundedScalar = <T extends string | number | boolean>(value: T) =>
  typeof value === 'string' ? (boundedName(value) ?? '') : value

const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/**
 * The input of the model.
 * @returns messages, prompt or input alone, or an object of it and the fields that belong to it, where they are set
 */
export function inputOf(operation: Operation, body: Json | undefined): Json | undefined {
  if (!isJsonObject(body)) return body
  switch (operation) {
    case 'chat':
      return combine(body, 'messages', ['tools', 'functions'])
    case 'text_completion':
      return combine(body, 'prompt', ['suffix'])
    case 'responses':
      return combine(body, 'input', ['instructions', 'tools'])
    case 'messages':
      return combine(body, 'messages', ['system', 'tools', 'mcp_servers'])
    case 'embeddings':
      return body.input ?? body
    case 'rerank':
      return body.query === undefined ? body : omitUndefined({ query: body.query, documents: body.documents })
    case 'moderation':
    case 'image':
    case 'audio':
    case 'video':
    case 'relay':
      return withoutAttribution(body)
  }
}

/** Recorded as the context of the call. */
const attributionFields: ReadonlySet<string> = new Set([
  'user',
  'safety_identifier',
  'session_id',
  'metadata',
])

function withoutAttribution(body: JsonObject): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !attributionFields.has(name)))
}

/** @returns the main field alone, or an object of it and those of the other fields that are set */
function combine(body: JsonObject, main: string, others: readonly string[]): Json {
  const value = body[main]
  const present = others.filter((name) => !isAbsent(body[name]))
  if (present.length === 0) return value ?? body
  const fields = present.map((name) => [name, body[name]])
  return Object.fromEntries(value === undefined ? fields : [[main, value], ...fields])
}

const isAbsent = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
