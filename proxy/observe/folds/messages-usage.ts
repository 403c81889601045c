import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import type { TokenCounts, Usage } from '../../../shared/record/usage.ts'
import { truncateText } from '../capture/text.ts'
import { readUsage } from '../usage/usage.ts'

/** The usage of one message, from all events that carry a part of it. */
export type MessagesUsage = {
  /** @param isFinal false for the counts at the start of a stream, whose output is only what there was by then */
  add(usage: Json | undefined, isFinal: boolean): void
  read(model: string | undefined): Usage
}

/**
 * Counts are cumulative, and those of the end leave out what does not apply, so each replaces the one before it, and
 * none is added (https://platform.claude.com/docs/en/build-with-claude/streaming). A zero does not replace a count:
 * gateways send it for what they do not know.
 */
export function createMessagesUsage(): MessagesUsage {
  // Without a prototype, as the names are the upstream's.
  const merged: Record<string, Json | undefined> = Object.create(null)
  let outputIsFinal = false

  function add(usage: Json | undefined, isFinal: boolean): void {
    if (!isJsonObject(usage)) return
    for (const [name, value] of Object.entries(usage)) {
      if (value !== null && value !== undefined && (value !== 0 || !merged[name])) merged[name] = value
    }
    if (isFinal && typeof usage.output_tokens === 'number') outputIsFinal = true
  }

  function read(model: string | undefined): Usage {
    const { output_tokens: output, ...others } = merged
    const counts = outputIsFinal ? { ...others, output_tokens: output } : others
    return asMessagesUsage(readUsage(withCompactions(counts), model), toolRequests(merged.server_tool_use))
  }

  return { add, read }
}

/** Anthropic's input includes no cached tokens, whatever the counts look like. */
function asMessagesUsage(usage: Usage, requests: TokenCounts['toolRequests']): Usage {
  if (usage.provenance === 'missing') return usage
  const { cachedInput = 0, cacheWrite = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage
  const hasCache = cachedInput + cacheWrite + cacheWrite5m + cacheWrite1h > 0
  return {
    ...usage,
    ...(hasCache && { cacheOutsideInput: true }),
    ...(requests && { toolRequests: requests }),
  }
}

/** Far more than there are such tools. */
const maxTools = 20

function toolRequests(counts: Json | undefined): TokenCounts['toolRequests'] {
  if (!isJsonObject(counts)) return undefined
  const made = Object.entries(counts).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0,
  )
  if (made.length === 0) return undefined
  return Object.fromEntries(made.slice(0, maxTools).map(([name, count]) => [truncateText(name, 100), count]))
}

const addedCounts = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
] as const

/** The tokens of a compaction are billed, but are in `iterations` alone (Anthropic's reference of `usage`). */
function withCompactions(usage: JsonObject): JsonObject {
  if (!Array.isArray(usage.iterations)) return usage
  const compactions = (usage.iterations as readonly Json[]).filter(isCompaction)
  if (compactions.length === 0) return usage
  const sums: Record<string, Json | undefined> = { ...usage }
  for (const name of addedCounts) sums[name] = sumOf(name, [usage, ...compactions])
  const details = [usage, ...compactions].map((one) => one.cache_creation).filter(isJsonObject)
  const lifetimes = new Set(details.flatMap((one) => Object.keys(one)))
  if (lifetimes.size > 0) {
    sums.cache_creation = Object.fromEntries([...lifetimes].map((name) => [name, sumOf(name, details)]))
  }
  return sums
}

const isCompaction = (iteration: Json): iteration is JsonObject =>
  isJsonObject(iteration) && iteration.type === 'compaction'

/** @returns undefined where none has such a count */
function sumOf(name: string, all: readonly JsonObject[]): number | undefined {
  const counts = all.map((one) => one[name]).filter((count) => typeof count === 'number')
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
