import type { Registry } from 'prom-client'
import { type DropReason, dropReasons } from '../shared/ledger/ledger.ts'
import type { Logger } from '../shared/logger.ts'
import { workerMetrics } from '../shared/metrics/catalogue.ts'
import { createMetrics } from '../shared/metrics/metrics.ts'
import type { Note } from '../shared/timing/loop-watch.ts'
import type { Pause } from './delivery/gate.ts'
import { type CopyDropReason, copyDropReasons } from './local-store/recent-calls.ts'
import { type ValueChange, valueChanges } from './sinks/langfuse/data-model/accepted-values.ts'
import type { MediaFailure } from './sinks/langfuse/media/media-api.ts'
import { type UploadOutcome, uploadOutcomes } from './sinks/langfuse/media/media-uploads.ts'
import { type AttemptOutcome, attemptOutcomes } from './stages/counting.ts'

export type WorkerEvents = ReturnType<typeof createWorkerEvents>

/** The one place that turns events of the worker into metrics and log lines. Content is never passed in. */
export function createWorkerEvents(registry: Registry, logger: Logger, note: Note = () => undefined) {
  const metrics = createMetrics(workerMetrics, registry)
  metrics.workerDropped.startAtZero('reason', dropReasons)
  metrics.usageEstimates.startAtZero('outcome', ['estimated', 'failed'])
  metrics.mediaUploads.startAtZero('outcome', uploadOutcomes)
  metrics.copiesDropped.startAtZero('reason', copyDropReasons)
  metrics.unreadablePacks.startAtZero('kept', ['true', 'false'])
  for (const change of valueChanges) metrics.valuesChanged.inc(change, 0)
  return {
    ...sinkEvents(metrics),
    ...batchEvents(metrics, logger),
    ...loopEvents(note),
    ...recordEvents(metrics, logger),
    ...packEvents(metrics, logger),
    ...pauseEvents(metrics, logger),
    ...localStoreEvents(metrics, logger),
  } as const
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

function batchEvents(metrics: WorkerMetrics, logger: Logger) {
  return {
    batchClosed: (records: number): void => metrics.batchRecords.observe({}, records),

    batchFailed: (cause: unknown): void => logger.error({ err: cause }, 'batch failed unexpectedly'),

    attemptFinished(sink: string, outcome: AttemptOutcome, seconds: number): void {
      metrics.sinkRequests.inc({ sink, outcome })
      metrics.sinkSeconds.observe({ sink }, seconds)
    },

    recordsDelivered: (sink: string, records: number): void =>
      metrics.recordsDelivered.inc({ sink }, records),

    usageEstimated: (records: number): void => metrics.usageEstimates.inc({ outcome: 'estimated' }, records),

    usageNotEstimated(cause: unknown): void {
      metrics.usageEstimates.inc({ outcome: 'failed' })
      logger.warn({ err: cause }, 'token usage could not be estimated; records are sent without it')
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

function recordEvents(metrics: WorkerMetrics, logger: Logger) {
  return {
    recordsInHand: (change: number): void => metrics.recordsInHand.inc({}, change),

    mediumPlaced(outcome: UploadOutcome, failure?: MediaFailure): void {
      metrics.mediaUploads.inc({ outcome })
      if (failure !== undefined) {
        logger.warn(
          { outcome, reason: failure.reason },
          'a medium was not uploaded; its record keeps the note',
        )
      }
    },

    valueChanged: ({ field, change }: ValueChange): void => metrics.valuesChanged.inc({ field, change }),

    /** @param ageSeconds since the call ended */
    recordSettled: (ageSeconds: number): void => metrics.deliveryAge.observe({}, ageSeconds),

    recordDropped(reason: DropReason): void {
      metrics.workerDropped.inc({ reason })
      if (reason === 'dead_letters_full') logger.error({ reason }, 'record lost: the dead letters are full')
    },

    recordDeadLettered(id: string, sink: string, reason: string): void {
      metrics.recordsDeadLettered.inc({})
      logger.warn({ id, sink, reason }, 'record kept as a dead letter')
    },
  }
}

function packEvents(metrics: WorkerMetrics, logger: Logger) {
  return {
    packUnreadable(id: string, reason: string, kept: boolean): void {
      metrics.unreadablePacks.inc({ kept: String(kept) })
      logger.error({ pack: id, reason, kept }, 'pack cannot be read')
    },

    packFailed(id: string, cause: unknown): void {
      logger.error({ pack: id, err: cause }, 'pack was not processed and will be redelivered')
    },

    queueReady: (): void => logger.info('queue ready'),

    queueUnavailable: (reason: string): void => logger.warn({ reason }, 'queue unavailable'),
  }
}

function localStoreEvents(metrics: WorkerMetrics, logger: Logger) {
  return {
    copiesDropped: (calls: number, reason: CopyDropReason): void =>
      metrics.copiesDropped.inc({ reason }, calls),

    localStoreFailed: (cause: unknown): void =>
      logger.warn({ err: cause }, 'the local store fails; records are delivered all the same'),

    localStoreRecovered: (): void => logger.info('the local store works again'),
  }
}

function pauseEvents(metrics: WorkerMetrics, logger: Logger) {
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
      release()
      logger.info('delivery resumed')
    },
  }
}
