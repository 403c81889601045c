import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import {
  type Attributes,
  mergeFields,
  type OnPlaceholder,
  parseTagList,
  type SourcedField,
} from './attributes.ts'
import { bodyNames } from './names/body.ts'
import type { Fields } from './names/fields.ts'

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
const namedKeys = new Set([...bodyNames.map(([path]) => path), 'metadata.configurable'])

function metadataIn(object: JsonObject, path: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !namedKeys.has(`${path}.${key}`)))
}

/** Claude Code sends user and session in one text: `user_<hash>_account_..._session_<uuid>`. */
function userFields(text: string, source: string): readonly SourcedField[] {
  const [, user, session] = /^(.+)_session_([0-9a-f-]{36})$/.exec(text) ?? []
  if (user === undefined || session === undefined) return [{ field: 'userId', value: text, source }]
  return [
    { field: 'userId', value: user, source },
    { field: 'sessionId', value: session, source },
  ]
}
