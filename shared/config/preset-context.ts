import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** What is said of calls beforehand: of a thread's in the context store, of a pod's in CONTEXT_DEFAULTS. */
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

/** What is wrong with a context that somebody wrote, and in which of its fields. */
export class InvalidContext extends Error {
  override readonly name = 'InvalidContext'
  readonly field: string | null

  constructor(message: string, field: string | null) {
    super(message)
    this.field = field
  }
}

const texts = {
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
  ...Object.fromEntries(Object.entries(texts).map(([field, name]) => [field, [name, readText] as const])),
  tags: ['tags', readTags],
  metadata: ['metadata', readMetadata],
}

/**
 * Reads `{session_id, user_id, agent_key, trace_id, trace_name, environment, tags, metadata}`, each of which
 * may be absent or null.
 * @param others fields that may stand beside them, and are not read here
 * @throws InvalidContext naming the first field that is wrong
 */
export function parseContext(value: Json | undefined, ...others: readonly string[]): PresetContext {
  if (!isJsonObject(value)) throw new InvalidContext('a context is a JSON object', null)
  const said: Record<string, Json> = {}
  for (const [field, given] of Object.entries(value)) {
    if (given === undefined || given === null || others.includes(field)) continue
    const reader = Object.hasOwn(readers, field) ? readers[field] : undefined
    if (reader === undefined) {
      const known = [...Object.keys(readers), ...others].join(', ')
      throw new InvalidContext(`"${field}" is not a field of a context; there are ${known}`, field)
    }
    said[reader[0]] = reader[1](given, field)
  }
  return said
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
  if (!isWritable(value)) throw new InvalidContext(`${field} is nested too deeply`, field)
  return value
}

function isWritable(value: JsonObject): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}

const fieldNames = new Map(Object.entries(texts).map(([field, name]) => [name as string, field]))

/** @returns the context under the names that parseContext reads */
export function serializeContext(said: PresetContext): JsonObject {
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [fieldNames.get(name) ?? name, value]),
  )
}
