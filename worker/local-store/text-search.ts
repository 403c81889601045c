import type { CallSummary } from '../../shared/admin/call-store.ts'
import { isJsonObject, type Json, parseJson } from '../../shared/json.ts'

/** Looks for a text in calls, without regard to case. */
export type TextSearch = {
  /** In what lists show of a call, which is at hand. */
  isInSummary(call: CallSummary): boolean
  /** @param text a record as JSON */
  isInRecord(text: string): boolean
}

export function textSearch(wanted: string): TextSearch {
  const lower = wanted.toLowerCase()
  const escaped = JSON.stringify(lower).slice(1, -1)
  const has = (value: string): boolean => value.toLowerCase().includes(lower)
  return {
    isInSummary: (call) => Object.values(call).some((value) => typeof value === 'string' && has(value)),
    // Parsed only where the text is somewhere in it: it may be part of a key, or of an escape.
    isInRecord: (text) => text.toLowerCase().includes(escaped) && isInValues(parseJson(text), has),
  }
}

function isInValues(value: Json | undefined, has: (text: string) => boolean): boolean {
  if (typeof value === 'string') return has(value)
  if (Array.isArray(value)) return value.some((entry) => isInValues(entry, has))
  return isJsonObject(value) && Object.values(value).some((entry) => isInValues(entry, has))
}
