import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** Attributes set in advance: for a thread in the context store, for all calls in CONTEXT_DEFAULTS. */
export type PresetContext = {
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  readonly traceId?: string
  readonly traceName?: string
  readonly environment?: string
  readonly tags?: readonly string[]
  readonly metadata?: JsonObject
}

/** The message names what is invalid, `field` where. */
export class InvalidContext extends Error {
  override readonly name = 'InvalidContext'
  readonly field: string | null

  constructor(message: string, field: string | null) {
    super(message)
    this.field = field
  }
}

const textFields = {
  session_id: 'sessionId',
  user_id: 'userId',
  agent_key: 'agentKey',
  trace_id: 'traceId',
  trace_name: 'traceName',
  environment: 'environment',
} as const

const textMaxLength = 1_000

type Reader = (value: Json, field: string) => Json

const readers: Readonly<Record<string, readonly [name: keyof PresetContext, read: Reader]>> = {
  ...Object.fromEntries(
    Object.entries(textFields).map(([field, name]) => [field, [name, readText] as const]),
  ),
  tags: ['tags', readTags],
  metadata: ['metadata', readMetadata],
}

/**
 * Parses `{session_id, user_id, agent_key, trace_id, trace_name, environment, tags, metadata}`, each of which
 * may be absent or null.
 * @param ignored further fields that are allowed, and parsed elsewhere
 * @throws InvalidContext naming the first invalid field
 */
export function parseContext(value: Json | undefined, ...ignored: readonly string[]): PresetContext {
  if (!isJsonObject(value)) throw new InvalidContext('a context is a JSON object', null)
  const context: Record<string, Json> = {}
  for (const [field, raw] of Object.entries(value)) {
    if (raw === undefined || raw === null || ignored.includes(field)) continue
    const reader = Object.hasOwn(readers, field) ? readers[field] : undefined
    if (reader === undefined) {
      const known = [...Object.keys(readers), ...ignored].join(', ')
      throw new InvalidContext(`"${field}" is not a field of a context; there are ${known}`, field)
    }
    const [name, read] = reader
    context[name] = read(raw, field)
  }
  return context
}

function readText(value: Json, field: string): string {
  if (typeof value !== 'string' || value === '' || value.length > textMaxLength) {
    throw new InvalidContext(`${field} must be a text of 1 to ${textMaxLength} characters`, field)
  }
  return value
}

function readTags(value: Json, field: string): readonly string[] {
  if (!Array.isArray(value)) throw new InvalidContext(`${field} must be a list of texts`, field)
  return value.map((tag: Json) => readText(tag, field))
}

function readMetadata(value: Json, field: string): JsonObject {
  if (!isJsonObject(value)) throw new InvalidContext(`${field} must be a JSON object`, field)
  if (!isSerializable(value)) throw new InvalidContext(`${field} is nested too deeply`, field)
  return value
}

function isSerializable(value: JsonObject): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}

const fieldNames = new Map(Object.entries(textFields).map(([field, name]) => [name as string, field]))

/** The inverse of parseContext. */
export function serializeContext(context: PresetContext): JsonObject {
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [fieldNames.get(name) ?? name, value]),
  )
}
