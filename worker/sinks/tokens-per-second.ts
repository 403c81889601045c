import type { InferenceRecord } from '../../shared/record/record.ts'
import { wholeUsage } from './inclusive-usage.ts'

/** Within less than this, all of an answer came at once, and its speed says nothing of the model. */
const shortestMs = 20

/**
 * How fast an answer was written: tokens after the first one, from its content on to the end. Reasoning that
 * nobody was shown came before the first token, and is left out.
 * @returns undefined for plain answers and where the tokens were not counted
 */
export function tokensPerSecond({ usage, times, output, operation }: InferenceRecord): number | undefined {
  if (usage.provenance === 'missing' || usage.output === undefined || times.firstTokenMs === undefined) {
    return undefined
  }
  const whole = wholeUsage(usage, operation)
  const showsReasoning = output?.kind === 'choices' && output.choices.some(({ reasoning }) => reasoning)
  const hidden = showsReasoning ? 0 : (whole.reasoning ?? 0)
  const tokens = (whole.output ?? 0) - hidden - 1
  const ms = times.durationMs - times.firstTokenMs
  return tokens > 0 && ms >= shortestMs ? Math.round((tokens / ms) * 10_000) / 10 : undefined
}
