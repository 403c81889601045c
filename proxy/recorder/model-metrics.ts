import type { Labels } from '../../shared/metrics/gathered-metric.ts'
import type { genAiLabels } from '../../shared/metrics/gen-ai.ts'
import type { Cost } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { tokensPerSecond } from '../../shared/record/tokens-per-second.ts'
import { errorTypeLabel } from './error-type-label.ts'
import type { ProxyMetrics } from './recorder-events.ts'
import { tokenMetrics } from './token-metrics.ts'

type Observe = (value: number, times?: number) => void

/**
 * The metrics of one operation of one model at one upstream. Each is made when it is first needed, because an empty
 * histogram is as many time series as a full one, and kept, because to look them up again cost more than to count.
 */
export class ModelMetrics {
  readonly #metrics: ProxyMetrics
  readonly #labels: Labels<(typeof genAiLabels)[number]>
  readonly #generates: boolean
  readonly #countTokens: ReturnType<typeof tokenMetrics>
  readonly #errorTypes: (type: string) => Observe
  readonly #costs = new Map<Cost['source'], (by: number) => void>()
  #firstChunk: Observe | undefined
  #outputChunk: Observe | undefined
  #speed: Observe | undefined

  /**
   * @param generates whether the conventions call it inference
   * @param allowErrorType says of each further error type whether it may have a histogram of its own
   */
  constructor(
    metrics: ProxyMetrics,
    labels: Labels<(typeof genAiLabels)[number]>,
    generates: boolean,
    allowErrorType: () => boolean,
  ) {
    this.#metrics = metrics
    this.#labels = labels
    this.#generates = generates
    this.#countTokens = tokenMetrics(metrics, labels, generates)
    const duration = generates ? metrics.inferenceDuration : metrics.operationDuration
    this.#errorTypes = bindByErrorType(
      (type) => duration.bound({ ...labels, error_type: type }),
      allowErrorType,
    )
  }

  ended(record: InferenceRecord, cost: Cost | undefined): void {
    const { error, times } = record
    this.#errorTypes(errorTypeLabel(error?.type))(times.durationMs / 1000)
    if (this.#generates && record.request.stream) this.#streamEnded(record)
    if (record.fetched === undefined) this.#countTokens(record.usage, record.operation)
    if (cost !== undefined) this.#countCost(cost)
  }

  #streamEnded(record: InferenceRecord): void {
    const { times, stream } = record
    if (times.firstTokenMs === undefined) return
    this.#firstChunk ??= this.#metrics.timeToFirstChunk.bound(this.#labels)
    this.#firstChunk(times.firstTokenMs / 1000)
    const chunks = (stream?.events ?? 0) - 1
    if (chunks <= 0) return
    this.#outputChunk ??= this.#metrics.timePerOutputChunk.bound(this.#labels)
    this.#outputChunk((times.durationMs - times.firstTokenMs) / chunks / 1000, chunks)
    const speed = tokensPerSecond(record)
    if (speed === undefined) return
    this.#speed ??= this.#metrics.outputSpeed.bound(this.#labels)
    this.#speed(speed)
  }

  #countCost({ usd, source }: Cost): void {
    let inc = this.#costs.get(source)
    if (inc === undefined) {
      inc = this.#metrics.cost.bound({ ...this.#labels, source })
      this.#costs.set(source, inc)
    }
    inc(usd)
  }
}

/** @returns the histogram for an error type; that of `other` for those that are no longer allowed one */
function bindByErrorType(bind: (type: string) => Observe, allowed: () => boolean): (type: string) => Observe {
  const bound = new Map<string, Observe>()
  return function find(type): Observe {
    const known = bound.get(type)
    if (known !== undefined) return known
    const isFixed = type === '' || type === 'other'
    if (!isFixed && !allowed()) return find('other')
    const observe = bind(type)
    bound.set(type, observe)
    return observe
  }
}
