/** An object without its undefined fields, and the type that says so. */
export type WithoutUndefined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/**
 * Omits undefined fields: with `exactOptionalPropertyTypes` an optional field is absent or has a value.
 *
 * For records, and wherever several fields are optional. Where it is a single field of an object literal,
 * `...(x !== undefined && { x })` is as clear, keeps the literal's type, and saves a pass over the entries on
 * hot paths; `...(x && { x })` only where `x` is an object, because it also omits `0`, `''` and `false`.
 */
export function omitUndefined<T extends object>(fields: T): WithoutUndefined<T> {
  const kept: Record<string, unknown> = {}
  // Saves a list of entries; for the literals that this is given both see the same fields.
  for (const key in fields) {
    const value: unknown = fields[key]
    if (value !== undefined) kept[key] = value
  }
  return kept as WithoutUndefined<T>
}
