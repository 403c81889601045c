import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../shared/json.ts'
import { parseTagList, type SourcedField } from './attributes.ts'
import type { TextField } from './names/fields.ts'
import type { Meaning } from './names/headers.ts'

/** A text under a name that has a meaning. */
export type NamedText = {
  readonly meaning: Meaning
  readonly text: string
  /** The name, for people: `x-user-id`, `baggage user.id`. */
  readonly source: string
  /** What the `*` of the name matched. */
  readonly wildcard: string
  /** Members of JSON metadata that are fields. */
  readonly members?: Readonly<Record<string, TextField>> | undefined
}

/** Parses a text by the meaning of its name. */
export function sourcedFields(named: NamedText): readonly SourcedField[] {
  const { meaning, text, source, wildcard, members = {} } = named
  if (meaning === 'nothing') return []
  if (meaning === 'tags') return [{ field: 'tags', value: parseTagList(text), source }]
  if (meaning === 'metadata') return jsonMetadata(text, source, members)
  if (meaning === 'metadata pairs') return [{ field: 'metadata', value: parsePairs(text), source }]
  if (isMetadataKey(meaning)) {
    const key = meaning.slice('metadata.'.length).replace('*', wildcard)
    return [{ field: 'metadata', value: { [key]: text }, source }]
  }
  return [{ field: meaning, value: text, source }]
}

const isMetadataKey = (meaning: Meaning): meaning is `metadata.${string}` => meaning.startsWith('metadata.')

/** Text that is not a JSON object is kept as it is: a call is never rejected for its metadata. */
function jsonMetadata(
  text: string,
  source: string,
  members: Readonly<Record<string, TextField>>,
): readonly SourcedField[] {
  const parsed = parseJson(text)
  if (!isJsonObject(parsed)) return [{ field: 'metadata', value: { [source]: text }, source }]
  const fields = Object.entries(members).flatMap(([member, field]): readonly SourcedField[] => {
    const value = parsed[member]
    return typeof value === 'string' ? [{ field, value, source }] : []
  })
  const others = Object.entries(parsed).filter(([key]) => !Object.hasOwn(members, key))
  return [...fields, { field: 'metadata', value: Object.fromEntries(others), source }]
}

/** `course:maths,note:a%2Cb`: the format of Langfuse's own gateway. */
function parsePairs(text: string): JsonObject {
  const entries = text.split(',').flatMap((pair) => {
    const at = pair.indexOf(':')
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), percentDecoded(pair.slice(at + 1).trim())]]
  })
  return Object.fromEntries(entries)
}
