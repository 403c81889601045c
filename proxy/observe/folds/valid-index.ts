import type { Json } from '../../../shared/json.ts'

/** @returns the index of a choice or tool call, which some servers send as a text; undefined where it is neither */
export function validIndex(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}
