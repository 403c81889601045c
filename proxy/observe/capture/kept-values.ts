import type { Json } from '../../../shared/json.ts'
import { sizeOf } from './size.ts'
import type { Allowance } from './text.ts'

/** Values that are kept as they are told, as far as an allowance goes. */
export type KeptValues = {
  /** @returns true when there were any, kept or not */
  add(values: readonly Json[]): boolean
  /** @returns undefined where none was kept */
  read(): readonly Json[] | undefined
}

/**
 * Keeps each value once, as some providers repeat all that came so far with every chunk.
 * @param keyOf what makes two values the same; the later one counts
 */
export function createKeptValues(allowance: Allowance, keyOf = textOf): KeptValues {
  const kept = new Map<string, { readonly value: Json; readonly size: number }>()

  function keep(value: Json): void {
    const size = sizeOf(value)
    if (size === Number.POSITIVE_INFINITY) return
    const key = keyOf(value)
    const room = allowance.left + (kept.get(key)?.size ?? 0)
    if (size > room) return
    allowance.left = room - size
    kept.set(key, { value, size })
  }

  return {
    add(values) {
      for (const value of values) keep(value)
      return values.length > 0
    },
    read: () => (kept.size === 0 ? undefined : [...kept.values()].map(({ value }) => value)),
  }
}

const textOf = (value: Json): string => JSON.stringify(value)
