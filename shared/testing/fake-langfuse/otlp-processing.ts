import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { chatViewOf } from './chat/chat-view.ts'
import { recordedEnvironment } from './environment.ts'
import { promptOf } from './ingestion-processing.ts'
import type { Observation } from './observation.ts'
import { field, listOf } from './otlp-endpoint.ts'
import { costOf, parsed, recordedUsage, usageOrEstimate } from './pricing.ts'
import type { Loss } from './store.ts'

export type Processed = { readonly observations: readonly Observation[] } | { readonly loss: Loss }

type Attributes = Readonly<Record<string, Json>>

/** `direct`: into the tables of version 4; `legacy`: version 3, and version 4 in its dual mode. */
export type Path = 'direct' | 'legacy'

/** What the server's workers write of a request after its 200: all of it, or nothing. */
export function processOtlp(resourceSpans: readonly Json[], path: Path = 'direct'): Processed {
  const spans = resourceSpans.flatMap((resource) =>
    listOf(field(resource, 'scopeSpans')).flatMap((scope) => listOf(field(scope, 'spans'))),
  )
  if (spans.some(hasAttributeWithoutValue)) {
    return { loss: { reason: 'attribute without value', spans: spans.length } }
  }
  if (hasLoneSurrogate(resourceSpans)) return { loss: { reason: 'lone surrogate', spans: spans.length } }
  return {
    observations: resourceSpans.flatMap((resource) => {
      const resourceAttributes = attributesOf(field(resource, 'resource'))
      return listOf(field(resource, 'scopeSpans')).flatMap((scoped) =>
        listOf(field(scoped, 'spans')).map((span) =>
          toObservation(span, resourceAttributes, field(scoped, 'scope'), path),
        ),
      )
    }),
  }
}

function hasAttributeWithoutValue(span: Json): boolean {
  return listOf(field(span, 'attributes')).some((attribute) => !isJsonObject(field(attribute, 'value')))
}

export function hasLoneSurrogate(value: Json): boolean {
  return /\\ud[89a-f]/.test(JSON.stringify(value).replaceAll('\\\\', ''))
}

function attributesOf(owner: Json | undefined): Attributes {
  return Object.fromEntries(
    listOf(field(owner, 'attributes')).map((attribute) => [
      String(field(attribute, 'key')),
      decode(field(attribute, 'value')),
    ]),
  )
}

function decode(value: Json | undefined): Json {
  const values = field(field(value, 'arrayValue'), 'values')
  if (values !== undefined) return listOf(values).map(decode)
  // From its source: the server reads the halves of an integer, which a decimal string does not have.
  const integer = field(value, 'intValue')
  if (integer !== undefined) return typeof integer === 'number' ? integer : null
  return field(value, 'stringValue') ?? field(value, 'doubleValue') ?? field(value, 'boolValue') ?? null
}

const types = new Set([
  'span',
  'generation',
  'event',
  'agent',
  'tool',
  'chain',
  'retriever',
  'evaluator',
  'embedding',
  'guardrail',
])

const operationTypes: Readonly<Record<string, string>> = {
  chat: 'GENERATION',
  text_completion: 'GENERATION',
  generate_content: 'GENERATION',
  embeddings: 'EMBEDDING',
  execute_tool: 'TOOL',
  invoke_agent: 'AGENT',
}

const modelKeys = ['langfuse.observation.model.name', 'gen_ai.response.model', 'gen_ai.request.model']

function typeOf(attributes: Attributes): string {
  const type = attributes['langfuse.observation.type']
  if (type !== undefined) return types.has(String(type)) ? String(type).toUpperCase() : 'SPAN'
  const byOperation = operationTypes[String(attributes['gen_ai.operation.name'])]
  return byOperation ?? (firstOf(attributes, ...modelKeys) === null ? 'SPAN' : 'GENERATION')
}

function toObservation(span: Json, resource: Attributes, scope: Json | undefined, path: Path): Observation {
  const attributes = attributesOf(span)
  const text = (...keys: readonly string[]): string | null => textOf(firstOf(attributes, ...keys))
  const isMarked = (key: string): boolean => String(attributes[key]) === 'true'
  const type = typeOf(attributes)
  const model = text(...modelKeys)
  const [input, output] = contentOf(attributes)
  const details = recordedUsage(parsed(attributes['langfuse.observation.usage_details']))
  const costDetails = parsed(attributes['langfuse.observation.cost_details'])
  const usage = usageOrEstimate(details, model, [input, output], costDetails)
  const modelParameters = parsed(attributes['langfuse.observation.model.parameters']) ?? {}
  const parent = textOf(field(span, 'parentSpanId') ?? null)
  return {
    id: String(field(span, 'spanId')),
    traceId: String(field(span, 'traceId')),
    parentObservationId: parent,
    type,
    name: text('gen_ai.tool.name') ?? textOf(field(span, 'name') ?? null),
    startTime: timeOf(field(span, 'startTimeUnixNano')),
    endTime: timeOf(field(span, 'endTimeUnixNano')),
    completionStartTime: text('langfuse.observation.completion_start_time'),
    model,
    modelParameters,
    input,
    output,
    view: chatViewOf(input, output),
    usage,
    cost: costOf(costDetails, usage, model, modelParameters),
    level:
      text('langfuse.observation.level') ??
      (field(field(span, 'status'), 'code') === 2 ? 'ERROR' : 'DEFAULT'),
    statusMessage:
      text('langfuse.observation.status_message') ?? textOf(field(field(span, 'status'), 'message') ?? null),
    version: text('langfuse.version') ?? textOf(resource['service.version'] ?? null),
    environment: recordedEnvironment(
      firstOf(attributes, 'langfuse.environment') ??
        firstOf(resource, 'langfuse.environment', 'deployment.environment.name'),
    ),
    metadata: metadataOf(attributes, resource, scope, path),
    prompt:
      type === 'GENERATION'
        ? promptOf(
            attributes['langfuse.observation.prompt.name'],
            attributes['langfuse.observation.prompt.version'],
          )
        : null,
    trace: {
      name: text('langfuse.trace.name'),
      userId: text('langfuse.user.id', 'user.id'),
      sessionId: text('langfuse.session.id', 'session.id', 'gen_ai.conversation.id'),
      tags: tagsOf(firstOf(attributes, 'langfuse.trace.tags', 'langfuse.tags')),
      release: text('langfuse.release') ?? textOf(resource['langfuse.release'] ?? null),
      isPublic: isMarked('langfuse.trace.public'),
      input: attributes['langfuse.trace.input'] ?? null,
      output: attributes['langfuse.trace.output'] ?? null,
    },
    isRoot: parent === null || isMarked('langfuse.internal.is_app_root'),
    isTraceRoot: parent === null || isMarked('langfuse.internal.as_root'),
  }
}

/** Where either of Langfuse's own attributes is set, no other source is read. */
function contentOf(attributes: Attributes): [Json, Json] {
  const input = attributes['langfuse.observation.input']
  const output = attributes['langfuse.observation.output']
  if (input !== undefined || output !== undefined) return [input ?? null, output ?? null]
  return [attributes['gen_ai.input.messages'] ?? null, attributes['gen_ai.output.messages'] ?? null]
}

/** The later ones win. */
const ownPrefixes = ['langfuse.metadata', 'langfuse.observation.metadata', 'langfuse.trace.metadata']
const content = /^langfuse\.(?:observation|trace)\.(?:input|output)$/

/**
 * What the metadata panel shows: every attribute, the resource and the scope beside what is meant to be metadata. On the
 * way of version 4 own metadata is laid over these three, on the older one they are laid over it; a scope that is named
 * like a Langfuse SDK loses the attributes on both.
 */
function metadataOf(
  attributes: Attributes,
  resource: Attributes,
  scope: Json | undefined,
  path: Path,
): JsonObject {
  const isSdk = String(field(scope, 'name')).startsWith('langfuse-sdk')
  const others = Object.entries(attributes).filter(([key]) => !isOwn(key) && !content.test(key))
  const generated: JsonObject = {
    attributes: isSdk ? {} : Object.fromEntries(others.map(([key, value]) => [key, parsedValue(value)])),
    resourceAttributes: resource,
    scope: { ...scopeFields(scope), attributes: attributesOf(scope) },
  }
  const own = ownMetadata(attributes)
  return flattened(path === 'direct' ? { ...generated, ...own } : { ...own, ...generated })
}

const isOwn = (key: string): boolean =>
  ownPrefixes.some((prefix) => key === prefix || key.startsWith(`${prefix}.`))

function scopeFields(scope: Json | undefined): JsonObject {
  const named = ['version', 'name'].map((key): [string, Json | undefined] => [key, field(scope, key)])
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

/** One JSON object under the bare name, and single keys under its prefix. */
function ownMetadata(attributes: Attributes): JsonObject {
  const layers = ownPrefixes.flatMap((prefix): readonly JsonObject[] => {
    const bare = parsed(attributes[prefix])
    const single = Object.entries(attributes).flatMap(([key, value]) =>
      key.startsWith(`${prefix}.`) ? [[key.slice(prefix.length + 1), parsedValue(value)]] : [],
    )
    return [isJsonObject(bare) ? bare : {}, Object.fromEntries(single)]
  })
  return Object.assign({}, ...layers)
}

/** Generated keys become `scope.name`; an empty object is nothing at all, anything else a row of its own. */
function flattened(metadata: JsonObject): JsonObject {
  const rows = Object.entries(metadata).flatMap(([key, value]): readonly [string, Json | undefined][] => {
    const isGenerated = key === 'attributes' || key === 'resourceAttributes' || key === 'scope'
    return isGenerated && isJsonObject(value) ? rowsOf(key, value) : [[key, value]]
  })
  return Object.fromEntries(rows)
}

function rowsOf(prefix: string, value: JsonObject): readonly [string, Json | undefined][] {
  return Object.entries(value).flatMap(([key, item]): readonly [string, Json | undefined][] => {
    const isScope = prefix === 'scope' && key === 'attributes' && isJsonObject(item)
    return isScope ? rowsOf('scope.attributes', item) : [[`${prefix}.${key}`, item]]
  })
}

/** The read API parses JSON strings. */
function parsedValue(value: Json): Json {
  const json = typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : undefined
  return json ?? value
}

function firstOf(attributes: Attributes, ...keys: readonly string[]): Json {
  const key = keys.find((candidate) => attributes[candidate] !== undefined)
  return key === undefined ? null : (attributes[key] ?? null)
}

const textOf = (value: Json): string | null => (value === null ? null : String(value))

function tagsOf(tags: Json): readonly string[] {
  if (typeof tags === 'string')
    return listOf(parsed(tags))
      .map(String)
      .concat(tags.includes('[') ? [] : tags.split(','))
  return listOf(tags).map(String)
}

/** Stored in ms, whatever the precision sent. */
function timeOf(nanoseconds: Json | undefined): string {
  if (nanoseconds === undefined) return new Date().toISOString()
  return new Date(Number(BigInt(String(nanoseconds)) / 1_000_000n)).toISOString()
}
