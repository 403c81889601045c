import { modelName } from '../../shared/metrics/model-name.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import { operationNames } from '../../shared/record/operation-name.ts'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import { ModelMetrics } from './model-metrics.ts'
import type { ProxyMetrics } from './recorder-events.ts'

/**
 * Combinations of operation, upstream and model that have metrics of their own, at about 150 time series each; the models
 * of further ones are called `other`. Names of models come from clients.
 */
const maxCombinations = 50
/** Histograms by error type, beside those of success and of `other`. */
const maxErrorTypes = 100

/** What the conventions call inference; the others only have a duration, and tokens. */
const generating: ReadonlySet<Operation> = new Set([
  'chat',
  'responses',
  'messages',
  'text_completion',
  'image',
  'audio',
  'video',
])

/** Counts what calls did, and cost, by their model. @returns a function of each call's record */
export function createCallMetrics(metrics: ProxyMetrics, costOf: CostOf): (record: InferenceRecord) => void {
  const known = new Map<string, ModelMetrics>()
  let errorTypes = 0
  const allowErrorType = (): boolean => errorTypes++ < maxErrorTypes

  function find(record: InferenceRecord, model: string): ModelMetrics {
    const operation = operationNameOf(record)
    const { provider, upstream } = record
    const key = `${operation}\n${upstream}\n${model}`
    const found = known.get(key)
    if (found !== undefined) return found
    // Operations and upstreams are closed sets, so that there are few `other`.
    if (known.size >= maxCombinations && model !== 'other') return find(record, 'other')
    const labels = {
      gen_ai_operation_name: operation,
      gen_ai_provider_name: provider,
      gen_ai_request_model: model,
      upstream,
    }
    const created = new ModelMetrics(metrics, labels, generates(record), allowErrorType)
    known.set(key, created)
    return created
  }

  return (record) => {
    // One that still runs is counted when its result is known.
    if (record.operation === 'relay' || record.ending === 'running') return
    const cost = costOf(record)
    find(record, modelName(record.request.model)).ended(record, cost)
    if (tookTokens(record)) metrics.costSources.inc({ source: cost?.source ?? 'none' })
  }
}

const generates = ({ operation, fetched }: InferenceRecord): boolean =>
  generating.has(operation) && fetched === undefined

function operationNameOf({ operation, fetched }: InferenceRecord): string {
  return fetched === undefined ? (operationNames[operation] ?? operation) : 'fetch_response'
}

/** A call that failed and says nothing of tokens took none; a response that is fetched again was paid for before. */
const tookTokens = ({ usage, ending, fetched }: InferenceRecord): boolean =>
  fetched === undefined && (usage.provenance !== 'missing' || ending !== 'upstream_error')
