import type { Registry } from 'prom-client'
import { type DropReason, dropReasons } from '../../shared/ledger/ledger.ts'
import type { Logger } from '../../shared/logger.ts'
import { boundedLabel } from '../../shared/metrics/bounded-label.ts'
import { proxyMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics, type Metrics } from '../../shared/metrics/metrics.ts'
import { operationNames } from '../../shared/record/operation-name.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { type LineDrop, lineDrops } from '../../shared/thread-logs/thread-logs.ts'
import { type LookUpOutcome, lookUpOutcomes } from '../attribution/store/look-ups.ts'
import { mediaOutcomes } from '../media/media-spool.ts'
import type { Call } from '../observe/call.ts'
import { mediaOmissions } from '../observe/capture/media-collector.ts'
import { publishedMediaOutcomes } from '../outbox/publish-media.ts'
import { type QueueTrouble, queueTroubles } from '../outbox/queue-room.ts'
import { type SpoolOperation, spoolOperations } from '../spool/disk-state.ts'
import { createCallLog } from './call-log.ts'
import { errorTypeLabel, statusLabel } from './error-type-label.ts'

export type RecorderEvents = ReturnType<typeof createRecorderEvents>

/** Everything that can happen from the tape to Redis: the one place that maps it to metrics and log lines. */
export function createRecorderEvents(registry: Registry, log: Logger, threadLog?: Logger) {
  const metrics = createMetrics(proxyMetrics, registry)
  startAtZero(metrics)
  const callLog = createCallLog(log, threadLog)
  return {
    ...callEvents(metrics, callLog),
    ...observerEvents(metrics, log, callLog),
    ...contextEvents(metrics, log),
    ...recordEvents(metrics, log),
    ...spoolEvents(metrics, log),
    ...queueEvents(metrics, log),
  }
}

const capturedOutcomes = [...mediaOmissions, ...mediaOutcomes, ...publishedMediaOutcomes] as const

type CapturedOutcome = (typeof capturedOutcomes)[number]

type ProxyMetrics = Metrics<typeof proxyMetrics>
type CallLog = ReturnType<typeof createCallLog>

function callEvents(metrics: ProxyMetrics, callLog: CallLog) {
  const modelLabel = boundedLabel(100)
  return {
    callStarted(call: Call): void {
      callLog.started(call)
    },

    /** @param record undefined where the observer failed */
    callEnded(record: InferenceRecord | undefined): void {
      if (record === undefined) return
      const { operation, upstream, ending, response } = record
      if (record.context.metadataCut) metrics.metadataCut.inc({})
      metrics.calls.inc({ operation, upstream, ending, status: statusLabel(response.status) })
      observeGenAi(metrics, record, modelLabel(record.request.model ?? ''))
      callLog.ended(record)
    },

    bodyLeftOut(body: 'request' | 'response', bytes: number): void {
      metrics.unrecordedBodyBytes.inc({ body }, bytes)
    },

    threadLogDropped(lines: number, reason: LineDrop): void {
      metrics.threadLogDropped.inc({ reason }, lines)
    },
  }
}

function observerEvents(metrics: ProxyMetrics, log: Logger, callLog: CallLog) {
  return {
    mediumCaptured(outcome: CapturedOutcome, media = 1): void {
      metrics.media.inc({ outcome }, media)
    },

    /** A defect cost a call its record. */
    recordingFailed(cause: unknown): void {
      metrics.observerFailures.inc({})
      log.error({ err: cause }, 'a call could not be recorded; the call itself went on')
    },

    observerFailed(call: Call, cause: unknown): void {
      metrics.observerFailures.inc({})
      callLog.forCall(call).error({ err: cause }, 'a call could not be recorded; the call itself went on')
    },

    formObserverFailed(call: Call, cause: unknown): void {
      metrics.observerFailures.inc({})
      callLog
        .forCall(call)
        .error({ err: cause }, 'a form could not be read completely; the call itself went on')
    },

    attributionFailed(cause: unknown): void {
      metrics.observerFailures.inc({})
      log.error({ err: cause }, 'a call could not be attributed; the call itself went on')
    },
  }
}

function contextEvents(metrics: ProxyMetrics, log: Logger) {
  return {
    contextLookedUp(outcome: LookUpOutcome): void {
      metrics.contextLookUps.inc({ outcome })
    },

    contextStoreFailed(cause: unknown): void {
      log.warn({ err: cause }, 'registered contexts cannot be read or written; calls go on without them')
    },

    contextEvicted(): void {
      metrics.contextsEvicted.inc({})
    },
  }
}

function recordEvents(metrics: ProxyMetrics, log: Logger) {
  return {
    accepted(): void {
      metrics.recordsAccepted.inc({})
    },

    dropped(count: number, reason: DropReason): void {
      metrics.recordsDropped.inc({ reason }, count)
      log.warn({ count, reason }, 'records dropped')
    },
  }
}

function spoolEvents(metrics: ProxyMetrics, log: Logger) {
  return {
    spoolFailed(operation: SpoolOperation, cause: unknown): void {
      metrics.spoolFailures.inc({ operation })
      log.error({ operation, err: cause }, 'the spool fails; records wait in memory until it works again')
    },

    spoolRepaired(cause: unknown): void {
      log.error(
        { err: cause },
        'the spool was damaged and has been repaired; what is missing counts as spool_lost',
      )
    },

    spoolRecovered(): void {
      log.info('the spool works again')
    },
  }
}

function queueEvents(metrics: ProxyMetrics, log: Logger) {
  return {
    published(records: number): void {
      metrics.recordsQueued.inc({}, records)
    },

    publishFailed(reason: QueueTrouble, cause: unknown): void {
      metrics.queueFailures.inc({ reason })
      log.debug({ reason, err: cause }, 'a pack could not be queued in Redis; it waits in the spool')
    },

    lostByRedis(waiting: number, dropped: number): void {
      if (waiting > 0) metrics.recordsRequeued.inc({}, waiting)
      log.error({ waiting, dropped }, 'Redis has lost records; those that wait go there again')
    },

    queueReady(): void {
      metrics.queueReady.set({}, 1)
      log.info('records go to Redis')
    },

    queueUnavailable(reason: QueueTrouble): void {
      metrics.queueReady.set({}, 0)
      log.warn({ reason }, 'records wait in the spool: Redis cannot take them')
    },
  }
}

function observeGenAi(metrics: ProxyMetrics, record: InferenceRecord, model: string): void {
  if (record.operation === 'relay') return
  const labels = {
    gen_ai_operation_name: operationNames[record.operation] ?? record.operation,
    gen_ai_provider_name: record.provider,
    gen_ai_request_model: model,
  }
  const { times, usage } = record
  metrics.operationDuration.observe(
    { ...labels, error_type: errorTypeLabel(record.error?.type) },
    times.durationMs / 1000,
  )
  if (times.firstTokenMs !== undefined && record.request.stream) {
    metrics.timeToFirstChunk.observe(labels, times.firstTokenMs / 1000)
    const chunks = (record.stream?.events ?? 0) - 1
    const ms = times.durationMs - times.firstTokenMs
    if (chunks > 0) metrics.timePerOutputChunk.observe(labels, ms / chunks / 1000)
  }
  metrics.usageProvenance.inc({ provenance: usage.provenance })
  if (usage.provenance === 'missing') return
  if (usage.input !== undefined)
    metrics.tokenUsage.observe({ ...labels, gen_ai_token_type: 'input' }, usage.input)
  if (usage.output !== undefined)
    metrics.tokenUsage.observe({ ...labels, gen_ai_token_type: 'output' }, usage.output)
}

function startAtZero(metrics: ProxyMetrics): void {
  metrics.recordsDropped.startAtZero('reason', dropReasons)
  metrics.media.startAtZero('outcome', capturedOutcomes)
  metrics.spoolFailures.startAtZero('operation', spoolOperations)
  metrics.queueFailures.startAtZero('reason', queueTroubles)
  metrics.contextLookUps.startAtZero('outcome', lookUpOutcomes)
  metrics.threadLogDropped.startAtZero('reason', lineDrops)
  metrics.unrecordedBodyBytes.startAtZero('body', ['request', 'response'])
  metrics.usageProvenance.startAtZero('provenance', ['provider', 'estimated', 'missing'])
}
