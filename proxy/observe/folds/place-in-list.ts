import type { Json } from '../../../shared/json.ts'

/** @returns the index that a piece gives itself; some servers write it as a text */
export function placeInList(told: Json | undefined): number | undefined {
  if (typeof told === 'number') return told
  return typeof told === 'string' && /^\d{1,9}$/.test(told) ? Number(told) : undefined
}
