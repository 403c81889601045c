import type { Registry } from 'prom-client'
import { createDegradations, type Degradations } from '../shared/degradation/degradations.ts'
import { type DropReason, dropReasons } from '../shared/ledger/ledger.ts'
import type { Logger } from '../shared/logger.ts'
import { workerMetrics } from '../shared/metrics/catalogue.ts'
import { createMetrics } from '../shared/metrics/metrics.ts'
import { type CostOf, createCostOf } from '../shared/pricing/cost-of.ts'
import { createThrottledLog, type ThrottledLog } from '../shared/throttled-log.ts'
import type { Note } from '../shared/timing/loop-watch.ts'
import type { Pause } from './delivery/gate.ts'
import { createEstimatedCosts } from './estimated-costs.ts'
import { type CopyDropReason, copyDropReasons } from './local-store/recent-calls.ts'
import { type ValueChange, valueChanges } from './sinks/langfuse/data-model/accepted-values.ts'
import type { MediaFailure } from './sinks/langfuse/media/media-api.ts'
import { type UploadOutcome, uploadOutcomes } from './sinks/langfuse/media/media-uploads.ts'
import { type Verified, verificationOutcomes } from './sinks/langfuse/verification/verification.ts'
import { type AttemptOutcome, attemptOutcomes } from './stages/counting.ts'
import type { Estimate } from './stages/estimating.ts'

export type WorkerEvents = ReturnType<typeof createWorkerEvents>

export type WorkerEventsOptions = {
  /** Takes what is about to run on this thread's loop. */
  readonly note?: Note
  readonly degradations?: Degradations
  /** By the built-in prices by default. */
  readonly costOf?: CostOf
}

/** The one place that turns events of the worker into metrics and log lines. Content is never passed in. */
export function createWorkerEvents(registry: Registry, logger: Logger, options: WorkerEventsOptions = {}) {
  const { note = () => undefined, degradations = createDegradations(registry) } = options
  const { costOf = createCostOf() } = options
  const lines = { logger, throttled: createThrottledLog(logger), degradations }
  const metrics = createMetrics(workerMetrics, registry)
  metrics.workerDropped.startAtZero('reason', dropReasons)
  metrics.usageEstimates.startAtZero('outcome', ['estimated', 'failed'])
  metrics.mediaUploads.startAtZero('outcome', uploadOutcomes)
  metrics.recordsVerified.startAtZero('outcome', verificationOutcomes)
  metrics.copiesDropped.startAtZero('reason', copyDropReasons)
  metrics.unreadablePacks.startAtZero('kept', ['true', 'false'])
  for (const change of valueChanges) metrics.valuesChanged.inc(change, 0)
  return {
    ...sinkEvents(metrics),
    ...batchEvents(metrics, lines),
    ...estimateEvents(metrics, lines, costOf),
    ...loopEvents(note),
    ...recordEvents(metrics, lines),
    ...packEvents(metrics, lines),
    ...pauseEvents(metrics, lines),
    ...localStoreEvents(metrics, lines),
    ...deadLetterEvents(lines),
    ...verificationEvents(metrics, lines),
  } as const
}

/** Where failures are shown beside the metrics. */
type Lines = {
  readonly logger: Logger
  readonly throttled: ThrottledLog
  readonly degradations: Degradations
}

type WorkerMetrics = ReturnType<typeof createMetrics<typeof workerMetrics>>

function sinkEvents(metrics: WorkerMetrics) {
  return {
    /** Which sinks there are: what is counted of them is shown at 0 before it happens. */
    sinksConfigured(names: readonly string[]): void {
      metrics.recordsDelivered.startAtZero('sink', names)
      metrics.sinkHeld.startAtZero('sink', names)
      for (const sink of names)
        for (const outcome of attemptOutcomes) metrics.sinkRequests.inc({ sink, outcome }, 0)
    },
  }
}

function batchEvents(metrics: WorkerMetrics, { throttled }: Lines) {
  return {
    /** How many batches may be on their way at once. */
    concurrencyChanged: (batches: number): void => metrics.concurrency.set({}, batches),

    batchClosed: (records: number): void => metrics.batchRecords.observe({}, records),

    batchFailed: (cause: unknown): void =>
      throttled.error('batch failed', { err: cause }, 'batch failed unexpectedly'),

    attemptFinished(sink: string, outcome: AttemptOutcome, seconds: number): void {
      metrics.sinkRequests.inc({ sink, outcome })
      metrics.sinkSeconds.observe({ sink }, seconds)
    },

    recordsDelivered: (sink: string, records: number): void =>
      metrics.recordsDelivered.inc({ sink }, records),
  }
}

function estimateEvents(metrics: WorkerMetrics, { throttled }: Lines, costOf: CostOf) {
  const countCosts = createEstimatedCosts(costOf, (labels, usd) => metrics.estimatedCost.inc(labels, usd))
  return {
    usageEstimated(estimates: readonly Estimate[]): void {
      metrics.usageEstimates.inc({ outcome: 'estimated' }, estimates.length)
      countCosts(estimates)
    },

    usageNotEstimated(cause: unknown): void {
      metrics.usageEstimates.inc({ outcome: 'failed' })
      throttled.warn(
        'usage not estimated',
        { err: cause },
        'token usage could not be estimated; records are sent without it',
      )
    },
  }
}

/** What is about to take the loop's time. */
function loopEvents(note: Note) {
  return {
    packOpened: (): void => note('opening a pack'),
    attemptStarted: (sink: string): void => note(`a batch for ${sink}`),
  }
}

function recordEvents(metrics: WorkerMetrics, { throttled }: Lines) {
  return {
    recordsInHand: (change: number): void => metrics.recordsInHand.inc({}, change),

    mediumPlaced(outcome: UploadOutcome, failure?: MediaFailure): void {
      metrics.mediaUploads.inc({ outcome })
      if (failure === undefined) return
      const { reason } = failure
      throttled.warn(
        `medium ${outcome}`,
        { outcome, reason },
        'a medium was not uploaded; its record keeps the note',
      )
    },

    valueChanged: ({ field, change }: ValueChange): void => metrics.valuesChanged.inc({ field, change }),

    /** @param ageSeconds since the call ended */
    recordSettled: (ageSeconds: number): void => metrics.deliveryAge.observe({}, ageSeconds),

    recordDropped(reason: DropReason): void {
      metrics.workerDropped.inc({ reason })
      if (reason !== 'dead_letters_full') return
      throttled.error(reason, { reason }, 'record lost: the dead letters are full')
    },

    recordDeadLettered(id: string, sink: string, reason: string): void {
      metrics.recordsDeadLettered.inc({})
      throttled.warn('dead letter', { id, sink, reason }, 'record kept as a dead letter')
    },
  }
}

function packEvents(metrics: WorkerMetrics, { throttled, degradations }: Lines) {
  return {
    packUnreadable(id: string, reason: string, kept: boolean): void {
      metrics.unreadablePacks.inc({ kept: String(kept) })
      throttled.error(`unreadable ${kept}`, { pack: id, reason, kept }, 'pack cannot be read')
    },

    packFailed(id: string, cause: unknown): void {
      throttled.error(
        'pack failed',
        { pack: id, err: cause },
        'pack was not processed and will be redelivered',
      )
    },

    queueReady(): void {
      degradations.recovered('redis')
      throttled.info('queue ready', {}, 'queue ready')
    },

    queueUnavailable(reason: string): void {
      degradations.failed('redis', 'no records come from Redis', reason)
      throttled.warn('queue unavailable', { reason }, 'queue unavailable')
    },
  }
}

function localStoreEvents(metrics: WorkerMetrics, { logger, throttled, degradations }: Lines) {
  /** @param effect what it means for records */
  function failed(effect: string, cause: unknown): void {
    degradations.failed('local_store', effect, cause)
    throttled.error('local store', { err: cause }, effect)
  }

  return {
    copiesDropped: (calls: number, reason: CopyDropReason): void =>
      metrics.copiesDropped.inc({ reason }, calls),

    /** Beside sinks. */
    copyStoreFailed: (cause: unknown): void =>
      failed('the local store fails; records are delivered all the same', cause),

    /** Where it is the only place that records go to. */
    onlyStoreFailed: (cause: unknown): void =>
      failed('the local store fails; records wait in the spool until it works again', cause),

    localStoreRepaired(cause: unknown): void {
      degradations.count('local_store', 1)
      logger.error(
        { err: cause },
        'the local store was damaged and has been repaired; calls that could not be read are gone from it',
      )
    },

    localStoreRecovered(): void {
      degradations.recovered('local_store')
      throttled.info('local store works', {}, 'the local store works again')
    },
  }
}

function deadLetterEvents({ logger, throttled, degradations }: Lines) {
  return {
    deadLettersFailed(cause: unknown): void {
      const effect = 'dead letters cannot be written; what no sink takes waits until they can'
      degradations.failed('dead_letters', effect, cause)
      throttled.error('dead letters', { err: cause }, effect)
    },

    deadLettersWritten(): void {
      if (degradations.recovered('dead_letters')) logger.info('dead letters can be written again')
    },
  }
}

function verificationEvents(metrics: WorkerMetrics, { logger, throttled, degradations }: Lines) {
  return {
    recordVerified({ outcome, traceId, fields, reason }: Verified): void {
      metrics.recordsVerified.inc({ outcome })
      if (outcome === 'found') {
        if (degradations.recovered('read_back')) logger.info('what Langfuse took can be read there again')
        return
      }
      if (outcome === 'skipped') {
        const why = reason ?? 'too many'
        throttled.info(`verified skipped ${why}`, { reason: why }, 'records of the sample are not read back')
        return
      }
      const effect = verificationEffects[outcome]
      if (outcome !== 'unreadable') degradations.failed('read_back', effect, fields?.join(', ') ?? traceId)
      throttled.warn(`verified ${outcome}`, { trace: traceId, fields, reason }, effect)
    },
  }
}

const verificationEffects = {
  missing: 'Langfuse answered that it took a record, and does not have it',
  different: 'Langfuse shows something else of a record than was sent',
  unreadable: 'Langfuse could not be asked for a record that it took',
} as const

function pauseEvents(metrics: WorkerMetrics, { logger, degradations }: Lines) {
  const held = new Set<string>()

  function hold(sink: string): void {
    held.add(sink)
    metrics.sinkHeld.set({ sink }, 1)
  }

  function release(): void {
    for (const sink of held) metrics.sinkHeld.set({ sink }, 0)
  }

  return {
    deliveryPaused({ kind, sink, reason, nextAttemptMs }: Pause): void {
      metrics.deliveryPaused.set({}, 1)
      degradations.failed('sinks', `delivery to ${sink} pauses; records wait until it takes them`, reason)
      const details = { sink, reason, next_try_s: Math.round(nextAttemptMs / 1000) }
      if (kind === 'held') {
        hold(sink)
        logger.error(details, 'delivery held: the sink refuses everything until an operator fixes the cause')
      } else {
        release()
        logger.warn(details, 'delivery paused')
      }
    },

    deliveryResumed(): void {
      metrics.deliveryPaused.set({}, 0)
      degradations.recovered('sinks')
      release()
      logger.info('delivery resumed')
    },
  }
}
