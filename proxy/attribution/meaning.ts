import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../shared/json.ts'
import { parseTagList, type SourcedField } from './attributes.ts'
import type { TextField } from './names/fields.ts'
import type { Meaning } from './names/headers.ts'

/** A text that was found under a known name. */
export type Found = {
  readonly meaning: Meaning
  readonly text: string
  /** The name, as a person looking for the cause would want to read it. */
  readonly from: string
  /** What a `*` in the name stood for. */
  readonly rest: string
  /** Members of JSON metadata that are fields. */
  readonly members?: Readonly<Record<string, TextField>> | undefined
}

/** Reads a text the way that its name asks for. */
export function sourcedFields({ meaning, text, from, rest, members = {} }: Found): readonly SourcedField[] {
  if (meaning === 'nothing') return []
  if (meaning === 'tags') return [{ field: 'tags', value: parseTagList(text), from }]
  if (meaning === 'metadata') return jsonMetadata(text, from, members)
  if (meaning === 'metadata pairs') return [{ field: 'metadata', value: readPairs(text), from }]
  if (isMetadataKey(meaning)) {
    const key = meaning.slice('metadata.'.length).replace('*', rest)
    return [{ field: 'metadata', value: { [key]: text }, from }]
  }
  return [{ field: meaning, value: text, from }]
}

const isMetadataKey = (meaning: Meaning): meaning is `metadata.${string}` => meaning.startsWith('metadata.')

/** What is not a JSON object is kept as text: a call is never refused for its tags. */
function jsonMetadata(
  text: string,
  from: string,
  members: Readonly<Record<string, TextField>>,
): readonly SourcedField[] {
  const parsed = parseJson(text)
  if (!isJsonObject(parsed)) return [{ field: 'metadata', value: { [from]: text }, from }]
  const tellings = Object.entries(members).flatMap(([member, field]): readonly SourcedField[] => {
    const value = parsed[member]
    return typeof value === 'string' ? [{ field, value, from }] : []
  })
  const rest = Object.entries(parsed).filter(([key]) => !Object.hasOwn(members, key))
  return [...tellings, { field: 'metadata', value: Object.fromEntries(rest), from }]
}

/** `course:maths,note:a%2Cb`, as Langfuse's own gateway has it. */
function readPairs(text: string): JsonObject {
  const entries = text.split(',').flatMap((pair) => {
    const at = pair.indexOf(':')
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), percentDecoded(pair.slice(at + 1).trim())]]
  })
  return Object.fromEntries(entries)
}
