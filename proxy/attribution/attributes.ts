import type { Json } from '../../shared/json.ts'
import type { Field, Fields } from './names/fields.ts'
import { isPlaceholder } from './placeholder.ts'

/** A value and the name that it was found under: `x-user-id`, `body metadata.user_id`. */
export type SourcedValue<F extends Field> = { readonly value: Fields[F]; readonly source: string }

/** One field, as one source has it. */
export type SourcedField = { readonly [F in Field]: { readonly field: F } & SourcedValue<F> }[Field]

/** The attributes of a call from one source: headers, path, body, ... */
export type Attributes = { readonly [F in Field]?: SourcedValue<F> }

/** An id that only says that there is none was passed over. */
export type OnPlaceholder = () => void

const passOver: OnPlaceholder = () => undefined

/**
 * Of several values of a field the first is taken; metadata is merged, the first value of each key winning.
 * Empty values count as absent, and so do ids that say that there is none.
 */
export function mergeFields(
  fields: readonly SourcedField[],
  onPlaceholder: OnPlaceholder = passOver,
): Attributes {
  const merged: Merged = {}
  const metadata: SourcedValue<'metadata'>[] = []
  for (const { field, value, source } of fields) {
    if (isId(field) && isPlaceholder(value as string)) {
      onPlaceholder()
      continue
    }
    if (isEmpty(value)) continue
    if (field === 'metadata') metadata.push({ value, source })
    else merged[field] ??= { value, source }
  }
  return withMetadata(merged, metadata)
}

/** Merges the attributes of several sources by the same rule. @param attributes the highest precedence first */
export function mergeByPrecedence(attributes: readonly Attributes[]): Attributes {
  const merged: Merged = {}
  const metadata: SourcedValue<'metadata'>[] = []
  for (const source of attributes) {
    for (const field in source) {
      const found = source[field as Field]
      if (found === undefined) continue
      if (field !== 'metadata') merged[field as Field] ??= found
      else metadata.push(found as SourcedValue<'metadata'>)
    }
  }
  return withMetadata(merged, metadata)
}

/** While it is built: that each field has a value of its own type is known by what is put there. */
type Merged = { [F in Field]?: SourcedValue<Field> }

function withMetadata(merged: Merged, parts: readonly SourcedValue<'metadata'>[]): Attributes {
  const [first, ...others] = parts
  if (first !== undefined) merged.metadata = others.length === 0 ? first : mergeMetadata(parts)
  return merged as Attributes
}

/** All at once: a head may have fifteen hundred headers of which each is a key, and this also runs on the relay's loop. */
function mergeMetadata(parts: readonly SourcedValue<'metadata'>[]): SourcedValue<'metadata'> {
  const values = new Map<string, Json | undefined>()
  for (const { value } of parts.toReversed()) {
    for (const key of Object.keys(value)) values.set(key, value[key])
  }
  const sources = new Set(parts.flatMap(({ source }) => source.split(', ')))
  return { value: Object.fromEntries(values), source: [...sources].join(', ') }
}

const idFields: ReadonlySet<string> = new Set<Field>([
  'threadId',
  'sessionId',
  'userId',
  'traceId',
  'parentSpanId',
  'agentKey',
])

/** @param meaning a field, or what else a name may mean */
export const isId = (meaning: string): boolean => idFields.has(meaning)

function isEmpty(value: Fields[Field]): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0
  return Object.keys(value).length === 0
}

/** @returns the entries of a comma-separated list, without duplicates */
export function parseTagList(text: string): readonly string[] {
  const tags = text.split(',').map((tag) => tag.trim())
  return [...new Set(tags)].filter((tag) => tag !== '')
}
