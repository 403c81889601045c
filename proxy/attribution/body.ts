import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { type Attributes, mergeFields, parseTagList, type SourcedField } from './attributes.ts'
import { bodyNames } from './names/body.ts'
import type { Fields } from './names/fields.ts'

type Place = { readonly path: string; readonly steps: readonly string[]; readonly meaning: keyof Fields }

const places: readonly Place[] = bodyNames.map(([path, meaning]) => ({
  path,
  steps: path.split('.'),
  meaning,
}))

/** What the request body says of a call; see names/body.ts. */
export function readBodyContext(body: Json | undefined): Attributes {
  if (!isJsonObject(body)) return {}
  const tellings: SourcedField[] = []
  for (const place of places) {
    const value = valueAt(body, place.steps)
    if (value !== undefined && value !== null) tellings.push(...tellingsAt(place, value))
  }
  return tellings.length === 0 ? {} : mergeFields(tellings)
}

function valueAt(body: JsonObject, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = body
  for (const step of steps) {
    if (!isJsonObject(value)) return undefined
    value = value[step]
  }
  return value
}

function tellingsAt({ path, meaning }: Place, value: Json): readonly SourcedField[] {
  const from = `body ${path}`
  if (meaning === 'metadata') {
    return isJsonObject(value) ? [{ field: meaning, value: unnamed(value, path), from }] : []
  }
  if (meaning === 'tags') return [{ field: meaning, value: tagsIn(value), from }]
  if (typeof value !== 'string') return []
  if (meaning === 'userId') return userTellings(value, from)
  return [{ field: meaning, value, from }]
}

function tagsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return parseTagList(value)
  return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === 'string') : []
}

/** Keys that have a meaning of their own, by the object that they stand in. */
const namedKeys = new Set([...bodyNames.map(([path]) => path), 'metadata.configurable'])

function unnamed(holder: JsonObject, path: string): JsonObject {
  return Object.fromEntries(Object.entries(holder).filter(([key]) => !namedKeys.has(`${path}.${key}`)))
}

/** Claude Code sends one text for both: `user_<hash>_account_..._session_<uuid>`. */
function userTellings(text: string, from: string): readonly SourcedField[] {
  const [, user, session] = /^(.+)_session_([0-9a-f-]{36})$/.exec(text) ?? []
  if (user === undefined || session === undefined) return [{ field: 'userId', value: text, from }]
  return [
    { field: 'userId', value: user, from },
    { field: 'sessionId', value: session, from },
  ]
}
