import type { Registry } from 'prom-client'
import { boundedLabel } from '../../shared/metrics/bounded-label.ts'
import { rateLimitMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics } from '../../shared/metrics/metrics.ts'
import { modelName } from '../../shared/metrics/model-name.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'

type Kind = 'requests' | 'tokens' | 'input_tokens' | 'output_tokens'

/** Header fields of a limit and of what is left of it. The first pair that a response has counts. */
const fields: readonly (readonly [kind: Kind, limit: string, remaining: string])[] = [
  ['requests', 'x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests'],
  ['tokens', 'x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens'],
  ['requests', 'anthropic-ratelimit-requests-limit', 'anthropic-ratelimit-requests-remaining'],
  ['tokens', 'anthropic-ratelimit-tokens-limit', 'anthropic-ratelimit-tokens-remaining'],
  ['input_tokens', 'anthropic-ratelimit-input-tokens-limit', 'anthropic-ratelimit-input-tokens-remaining'],
  ['output_tokens', 'anthropic-ratelimit-output-tokens-limit', 'anthropic-ratelimit-output-tokens-remaining'],
  // Mistral, Together, OpenRouter.
  ['tokens', 'x-ratelimitbysize-limit-minute', 'x-ratelimitbysize-remaining-minute'],
  ['tokens', 'x-tokenlimit-limit', 'x-tokenlimit-remaining'],
  ['requests', 'x-ratelimit-limit', 'x-ratelimit-remaining'],
]

const maxModels = 20
/** Windows are a minute or a day; after five minutes without a call nothing is known any more. */
const freshMs = 5 * 60_000

type Seen = {
  readonly labels: { readonly upstream: string; readonly gen_ai_request_model: string; readonly kind: Kind }
  readonly limit: number
  readonly remaining: number
  readonly at: number
}

/** Shows what responses say of the limits that hold for their callers. @returns a function of each call's record */
export function createRateLimitMetrics(
  registry: Registry,
  clock: Pick<Clock, 'now'>,
): (record: InferenceRecord) => void {
  const seen = new Map<string, Seen>()
  const modelLabel = boundedLabel(maxModels)
  const metrics = createMetrics(rateLimitMetrics, registry, async () => show())

  function show(): void {
    metrics.rateLimit.reset()
    metrics.rateLimitRemaining.reset()
    for (const [key, { labels, limit, remaining, at }] of seen) {
      if (clock.now() - at > freshMs) seen.delete(key)
      else {
        metrics.rateLimit.set(labels, limit)
        metrics.rateLimitRemaining.set(labels, remaining)
      }
    }
  }

  return ({ upstream, request, response: { limits } }) => {
    if (limits === undefined) return
    const model = modelLabel(modelName(request.model))
    const done = new Set<Kind>()
    for (const [kind, limitField, remainingField] of fields) {
      // 0 is no limit to be a part of.
      const limit = amountOf(limits[limitField])
      const remaining = amountOf(limits[remainingField])
      if (!limit || remaining === undefined || done.has(kind)) continue
      done.add(kind)
      const labels = { upstream, gen_ai_request_model: model, kind }
      seen.set(`${upstream}\n${model}\n${kind}`, { labels, limit, remaining, at: clock.now() })
    }
  }
}

/** @returns undefined for what is no number */
function amountOf(text: string | undefined): number | undefined {
  const amount = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(amount) && amount >= 0 ? amount : undefined
}
