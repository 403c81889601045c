import type { Labels } from '../../shared/metrics/gathered-metric.ts'
import type { genAiLabels } from '../../shared/metrics/gen-ai.ts'
import { inclusiveUsage } from '../../shared/record/inclusive-usage.ts'
import type { Operation } from '../../shared/record/record.ts'
import type { TokenCounts, Usage } from '../../shared/record/usage.ts'
import type { ProxyMetrics } from './recorder-events.ts'

type Modality = 'text' | 'audio' | 'image' | 'unknown'

/** Tokens by modality. */
type Split = readonly (readonly [Modality, number])[]

/**
 * Counts the tokens of calls that have these labels.
 * @returns a function of each call's usage
 */
export function tokenMetrics(
  metrics: ProxyMetrics,
  labels: Labels<(typeof genAiLabels)[number]>,
  generates: boolean,
): (usage: Usage, operation: Operation) => void {
  const counters = {
    input: byModality((of) => metrics.inputTokens.bound({ ...labels, ...of })),
    output: byModality((of) => metrics.outputTokens.bound({ ...labels, ...of })),
    cacheRead: byModality((of) => metrics.cacheReadTokens.bound({ ...labels, ...of })),
    cacheWrite: byModality((of) => metrics.cacheWriteTokens.bound({ ...labels, ...of })),
    reasoning: byModality((of) => metrics.reasoningTokens.bound({ ...labels, ...of })),
  }
  let perCall: ReturnType<typeof distributions> | undefined

  return (usage, operation) => {
    const tokens: TokenCounts = usage.provenance === 'missing' ? {} : usage
    const { input, output, cachedInput, cacheWrite, reasoning } = inclusiveUsage(tokens, operation)
    // The conventions want a 0 where no usage came, so that a rate is there from the first call.
    counters.input(split(input, tokens.audioInput, tokens.imageInput))
    if (generates) counters.output(split(output, tokens.audioOutput, tokens.imageOutput))
    if (cachedInput !== undefined) counters.cacheRead([['unknown', cachedInput]])
    if (cacheWrite !== undefined) counters.cacheWrite([['unknown', cacheWrite]])
    if (reasoning !== undefined) counters.reasoning([['text', reasoning]])
    if (usage.provenance === 'missing') return
    perCall ??= distributions(metrics, labels, generates)
    perCall(input, output)
  }
}

/** Counters by modality, each made when it is first needed. */
function byModality(bind: (of: Labels<'gen_ai_token_modality'>) => (by: number) => void) {
  const bound = new Map<Modality, (by: number) => void>()
  return (counts: Split): void => {
    for (const [modality, count] of counts) {
      let inc = bound.get(modality)
      if (inc === undefined) {
        inc = bind({ gen_ai_token_modality: modality })
        bound.set(modality, inc)
      }
      inc(count)
    }
  }
}

/** What is neither sound nor picture is text, where the provider tells them apart at all. */
function split(total = 0, audio?: number, image?: number): Split {
  if (audio === undefined && image === undefined) return [['unknown', total]]
  const text = Math.max(0, total - (audio ?? 0) - (image ?? 0))
  const counts: [Modality, number][] = [['text', text]]
  if (audio) counts.push(['audio', audio])
  if (image) counts.push(['image', image])
  return counts
}

/** Tokens per call, of which only percentiles should be taken. */
function distributions(
  metrics: ProxyMetrics,
  labels: Labels<(typeof genAiLabels)[number]>,
  generates: boolean,
): (input: TokenCounts['input'], output: TokenCounts['output']) => void {
  const usageIn = metrics.tokenUsage.bound({ ...labels, gen_ai_token_type: 'input' })
  const usageOut = generates && metrics.tokenUsage.bound({ ...labels, gen_ai_token_type: 'output' })
  const operationIn = generates && metrics.operationInputTokens.bound(labels)
  const operationOut = generates && metrics.operationOutputTokens.bound(labels)
  return (input, output) => {
    if (input !== undefined) {
      usageIn(input)
      if (operationIn) operationIn(input)
    }
    if (output !== undefined && usageOut && operationOut) {
      usageOut(output)
      operationOut(output)
    }
  }
}
