import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'

/**
 * True where a usage counts input or output but not both; a count of 0 is none. Gateways that translate Anthropic's
 * streams send the input first and the output last.
 */
export const isHalfUsage = (usage: JsonObject): boolean =>
  isCounted(usage.prompt_tokens ?? usage.input_tokens) !==
  isCounted(usage.completion_tokens ?? usage.output_tokens)

const isCounted = (value: Json | undefined): boolean => typeof value === 'number' && value > 0

/**
 * Completes a half usage from the one before it. Counts of one response never decrease, so a 0 replaces nothing.
 * @returns without the total where that is the total of one half
 */
export function mergeHalves(known: JsonObject, next: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...known }
  for (const [name, value] of Object.entries(next)) {
    if (value !== null && !(value === 0 && isCounted(known[name]))) merged[name] = value
  }
  const input = Number(merged.prompt_tokens ?? merged.input_tokens ?? 0)
  const output = Number(merged.completion_tokens ?? merged.output_tokens ?? 0)
  if (Number(merged.total_tokens) < input + output) delete merged.total_tokens
  return merged
}

/** Adds up the counts of several usages, those of their details too; of other values the last is kept. */
export function sumOfUsages(usages: readonly JsonObject[]): JsonObject {
  const sum: Record<string, Json | undefined> = {}
  for (const usage of usages)
    for (const [name, value] of Object.entries(usage)) sum[name] = added(sum[name], value)
  return sum
}

/** Details are one level deep. */
function added(known: Json | undefined, value: Json | undefined): Json | undefined {
  if (typeof known === 'number' && typeof value === 'number') return known + value
  if (isJsonObject(known) && isJsonObject(value)) return sumOfNumbers(known, value)
  return value ?? known
}

function sumOfNumbers(known: JsonObject, value: JsonObject): JsonObject {
  const sum: Record<string, Json | undefined> = { ...known }
  for (const [name, one] of Object.entries(value)) {
    const before = sum[name]
    sum[name] = typeof before === 'number' && typeof one === 'number' ? before + one : (one ?? before)
  }
  return sum
}
