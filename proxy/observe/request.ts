import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Operation } from '../../shared/record/record.ts'
import { boundedName } from './capture/text.ts'

/** What a request body says beside its content. */
export type RequestFields = {
  readonly model?: string
  readonly stream: boolean
  readonly parameters: JsonObject
}

/**
 * Settings that steer a model; an allow-list, because everything else may be content or secret. `value`: what the API
 * has as a number, true or false; a form has it as text.
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

/** @param body the request's JSON, or undefined where it was not read */
export function readRequest(body: Json | undefined): RequestFields {
  if (!isJsonObject(body)) return { stream: false, parameters: {} }
  return omitUndefined({
    model: boundedName(body.model),
    stream: body.stream === true,
    parameters: parametersOf(body),
  })
}

function parametersOf(body: JsonObject): JsonObject {
  const parameters: Record<string, Json> = {}
  for (const name of modelParameters.keys()) {
    const value = body[name]
    if (isScalar(value)) parameters[name] = settingOf(value)
  }
  return { ...parameters, ...nested(body) }
}

/** The few settings that stand one level deeper. */
function nested(body: JsonObject): JsonObject {
  const { response_format: chatFormat, text, reasoning, tool_choice: toolChoice } = body
  const format = isJsonObject(chatFormat) ? chatFormat : isJsonObject(text) ? text.format : undefined
  const found = {
    response_format: scalarIn(format, 'type'),
    verbosity: scalarIn(text, 'verbosity'),
    reasoning_effort: scalarIn(reasoning, 'effort'),
    tool_choice: scalarIn(toolChoice, 'type'),
  }
  return omitUndefined(found)
}

const scalarIn = (holder: Json | undefined, name: string): string | number | boolean | undefined => {
  const value = isJsonObject(holder) ? holder[name] : undefined
  return isScalar(value) ? settingOf(value) : undefined
}

/** Some settings are texts of the client's own; only the beginning of a long one is of use. */
const settingOf = <T extends string | number | boolean>(value: T) =>
  typeof value === 'string' ? (boundedName(value) ?? '') : value

const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/**
 * What the model was given, shaped for reading.
 * @returns messages, prompt or input alone where there is nothing beside them, else with what belongs to them
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
    case 'embeddings':
      return body.input ?? body
    case 'rerank':
      return body.query === undefined ? body : omitUndefined({ query: body.query, documents: body.documents })
    case 'moderation':
    case 'image':
    case 'audio':
    case 'relay':
      return withoutTags(body)
  }
}

/** What says whose call it is has its own place in the record. */
const tags: ReadonlySet<string> = new Set(['user', 'safety_identifier', 'session_id', 'metadata'])

function withoutTags(body: JsonObject): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !tags.has(name)))
}

/** The main part alone, or an object of it and those of the other parts that were given. */
function combine(body: JsonObject, main: string, others: readonly string[]): Json {
  const value = body[main]
  const given = others.filter((name) => !isAbsent(body[name]))
  if (given.length === 0) return value ?? body
  const parts = given.map((name) => [name, body[name]])
  return Object.fromEntries(value === undefined ? parts : [[main, value], ...parts])
}

const isAbsent = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
