import type { Json } from '../../../shared/json.ts'
import { type ByteAllowance, trySpend } from './byte-allowance.ts'
import { jsonSize } from './json-size.ts'

/** Values kept verbatim, each once, within an allowance. */
export type UniqueValues = {
  /** @returns true when there were any, kept or not */
  add(values: readonly Json[]): boolean
  /** @returns undefined where none was kept */
  read(): readonly Json[] | undefined
}

/**
 * Deduplicates, as some providers repeat the whole list so far with every chunk.
 * @param keyOf identifies a value; the later of two with one key replaces the earlier
 */
export function createUniqueValues(allowance: ByteAllowance, keyOf = jsonText): UniqueValues {
  // Nearly no response has any.
  let kept: Map<string, { readonly value: Json; readonly size: number }> | undefined

  function keep(value: Json): void {
    const size = jsonSize(value)
    if (size === Number.POSITIVE_INFINITY) return
    const key = keyOf(value)
    kept ??= new Map()
    if (trySpend(allowance, size, kept.get(key)?.size)) kept.set(key, { value, size })
  }

  return {
    add(values) {
      for (const value of values) keep(value)
      return values.length > 0
    },
    read: () =>
      kept === undefined || kept.size === 0 ? undefined : [...kept.values()].map(({ value }) => value),
  }
}

const jsonText = (value: Json): string => JSON.stringify(value)
