import { boundedLabel } from '../shared/metrics/bounded-label.ts'
import { modelName } from '../shared/metrics/model-name.ts'
import type { CostOf } from '../shared/pricing/cost-of.ts'
import type { Estimate } from './stages/estimating.ts'

/** As the proxy counts what is known: models beyond these are called `other`. */
const maxModels = 50
/** Each proxy of a worker may have upstreams of its own; there are few. */
const maxUpstreams = 50

type Labels = { readonly gen_ai_request_model: string; readonly upstream: string }

/**
 * Counts the list price of tokens that were estimated. What the proxy has counted already, of the part that the provider did
 * report, is not counted twice.
 */
export function createEstimatedCosts(
  costOf: CostOf,
  count: (labels: Labels, usd: number) => void,
): (estimates: readonly Estimate[]) => void {
  const modelLabel = boundedLabel(maxModels)
  const upstreamLabel = boundedLabel(maxUpstreams)
  return (estimates) => {
    for (const { record, estimated } of estimates) {
      const before = costOf(record)
      const after = costOf(estimated)
      if (after === undefined || before?.source === 'provider') continue
      const { request, upstream } = record
      const labels = {
        gen_ai_request_model: modelLabel(modelName(request.model)),
        upstream: upstreamLabel(upstream),
      }
      count(labels, Math.max(0, after.usd - (before?.usd ?? 0)))
    }
  }
}
