import { isJsonObject, type Json, type JsonObject, parseJson } from '../../shared/json.ts'
import {
  type Attributes,
  mergeFields,
  type OnPlaceholder,
  parseTagList,
  type SourcedField,
} from './attributes.ts'
import { bodyNames } from './names/body.ts'
import type { Fields } from './names/fields.ts'
import { isPlaceholder } from './placeholder.ts'

type BodyField = { readonly path: string; readonly steps: readonly string[]; readonly meaning: keyof Fields }

const bodyFields: readonly BodyField[] = bodyNames.map(([path, meaning]) => ({
  path,
  steps: path.split('.'),
  meaning,
}))

/** Reads the attributes in a request body; see names/body.ts. */
export function readBody(body: Json | undefined, onPlaceholder?: OnPlaceholder): Attributes {
  if (!isJsonObject(body)) return {}
  const found: SourcedField[] = []
  for (const field of bodyFields) {
    const value = valueAt(body, field.steps)
    if (value !== undefined && value !== null) found.push(...sourcedFieldsAt(field, value))
  }
  return found.length === 0 ? {} : mergeFields(found, onPlaceholder)
}

function valueAt(body: JsonObject, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = body
  for (const step of steps) {
    if (!isJsonObject(value)) return undefined
    value = value[step]
  }
  return value
}

function sourcedFieldsAt({ path, meaning }: BodyField, value: Json): readonly SourcedField[] {
  const source = `body ${path}`
  if (meaning === 'metadata') {
    return isJsonObject(value) ? [{ field: meaning, value: metadataIn(value, path), source }] : []
  }
  if (meaning === 'tags') return [{ field: meaning, value: tagsIn(value), source }]
  if (typeof value !== 'string') return []
  if (meaning === 'userId') return userFields(value, source)
  return [{ field: meaning, value, source }]
}

function tagsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return parseTagList(value)
  return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === 'string') : []
}

/** Paths of keys with a meaning of their own, which are not metadata. */
const namedPaths = [...bodyNames.map(([path]) => path), 'metadata.configurable']

/** The same by what they stand in. */
const namesBelow = new Map<string, string[]>()
for (const path of namedPaths) {
  const end = path.lastIndexOf('.')
  if (end < 0) continue
  const parent = path.slice(0, end)
  namesBelow.set(parent, [...(namesBelow.get(parent) ?? []), path.slice(end + 1)])
}

function metadataIn(object: JsonObject, path: string): JsonObject {
  const named = namesBelow.get(path) ?? []
  // Nearly always there is none, and metadata may have hundreds of thousands of fields.
  if (!named.some((key) => Object.hasOwn(object, key))) return object
  return Object.fromEntries(Object.entries(object).filter(([key]) => !named.includes(key)))
}

/**
 * Claude Code sends user and session in one text: `user_<hash>_account_..._session_<uuid>`, since 2.1.78 as JSON
 * `{"device_id":"...","account_uuid":"...","session_id":"..."}`.
 */
function userFields(text: string, source: string): readonly SourcedField[] {
  const { user, session } = splitUser(text)
  return [
    ...(user === undefined ? [] : [{ field: 'userId', value: user, source } as const]),
    ...(session === undefined ? [] : [{ field: 'sessionId', value: session, source } as const]),
  ]
}

function splitUser(text: string): {
  readonly user?: string | undefined
  readonly session?: string | undefined
} {
  const [, user, session] = /^(.+)_session_([0-9a-f-]{36})$/.exec(text) ?? []
  if (user !== undefined) return { user, session }
  const json = text.startsWith('{') ? parseJson(text) : undefined
  if (!isJsonObject(json) || typeof json.session_id !== 'string') return { user: text }
  const users = [json.user_id, json.account_uuid, json.device_id]
  return {
    user: users.find((one): one is string => typeof one === 'string' && !isPlaceholder(one)),
    session: json.session_id,
  }
}
