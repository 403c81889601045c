import type { Field, Fields } from './names/fields.ts'

/** A value and the name that it stood under: `x-user-id`, `body metadata.user_id`. */
export type SourcedValue<F extends Field> = { readonly value: Fields[F]; readonly from: string }

/** One field, as it was found somewhere. */
export type SourcedField = { readonly [F in Field]: { readonly field: F } & SourcedValue<F> }[Field]

/** What one place (headers, path, body, ...) says of a call. */
export type Attributes = { readonly [F in Field]?: SourcedValue<F> }

/**
 * Of each field the first telling counts; metadata of all is joined, the first winning key by key. Empty
 * values say nothing.
 */
export function mergeFields(tellings: readonly SourcedField[]): Attributes {
  const said: { [F in Field]?: SourcedValue<F> } = {}
  for (const { field, value, from } of tellings) {
    if (isEmpty(value)) continue
    if (field === 'metadata') said.metadata = mergeMetadata(said.metadata, { value, from })
    else if (said[field] === undefined) Object.assign(said, { [field]: { value, from } })
  }
  return said
}

/** @returns both, where a key is in both the first one's */
export function mergeMetadata(
  first: SourcedValue<'metadata'> | undefined,
  second: SourcedValue<'metadata'>,
): SourcedValue<'metadata'> {
  if (first === undefined) return second
  const from = first.from.split(', ').includes(second.from) ? first.from : `${first.from}, ${second.from}`
  return { value: { ...second.value, ...first.value }, from }
}

function isEmpty(value: Fields[Field]): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0
  return Object.keys(value).length === 0
}

/** @returns the entries of a comma list, each once */
export function parseTagList(text: string): readonly string[] {
  const tags = text.split(',').map((tag) => tag.trim())
  return [...new Set(tags)].filter((tag) => tag !== '')
}
