import { inclusiveUsage } from './inclusive-usage.ts'
import type { InferenceRecord } from './record.ts'

/** A shorter output arrived all at once, and its speed says nothing about the model. */
const minDurationMs = 20

/**
 * Output speed: tokens after the first one, over the time from the first token to the end. Hidden reasoning
 * happens before the first token, and is left out.
 * @returns undefined for responses that are not streamed, and without a token count
 */
export function tokensPerSecond({
  usage,
  times,
  output,
  operation,
  completedBy,
}: InferenceRecord): number | undefined {
  // Nobody saw when one that was fetched later had its end.
  if (completedBy !== undefined) return undefined
  if (usage.provenance === 'missing' || usage.output === undefined || times.firstTokenMs === undefined) {
    return undefined
  }
  const inclusive = inclusiveUsage(usage, operation)
  const isReasoningVisible = output?.kind === 'choices' && output.choices.some(({ reasoning }) => reasoning)
  const hidden = isReasoningVisible ? 0 : (inclusive.reasoning ?? 0)
  const tokens = (inclusive.output ?? 0) - hidden - 1
  const ms = times.durationMs - times.firstTokenMs
  return tokens > 0 && ms >= minDurationMs ? Math.round((tokens / ms) * 10_000) / 10 : undefined
}
