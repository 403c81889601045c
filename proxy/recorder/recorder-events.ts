import type { Registry } from 'prom-client'
import { createDegradations, type Degradations } from '../../shared/degradation/degradations.ts'
import { reasonOf } from '../../shared/error-cause.ts'
import { type DropReason, dropReasons } from '../../shared/ledger/ledger.ts'
import type { Logger } from '../../shared/logger.ts'
import { proxyMetrics } from '../../shared/metrics/catalogue.ts'
import { createMetrics, type Metrics } from '../../shared/metrics/metrics.ts'
import { type CostOf, createCostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { type Link, linkKinds, linkRefusals } from '../../shared/record/run.ts'
import { type LineDrop, lineDrops } from '../../shared/thread-logs/thread-logs.ts'
import { createThrottledLog, type ThrottledLog } from '../../shared/throttled-log.ts'
import { type Clock, systemClock } from '../../shared/timing/clock.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import { type PlaceholderSource, placeholderSources } from '../attribution/sources.ts'
import { type LookUpOutcome, lookUpOutcomes } from '../attribution/store/look-ups.ts'
import { mediaOutcomes } from '../media/media-spool.ts'
import type { Call } from '../observe/call.ts'
import { mediaOmissions } from '../observe/capture/media-collector.ts'
import { publishedMediaOutcomes } from '../outbox/publish-media.ts'
import { type QueueTrouble, queueTroubles } from '../outbox/queue-room.ts'
import { type SpoolOperation, spoolOperations } from '../spool/disk-events.ts'
import type { Reporting } from '../usage-reporting/reporting.ts'
import { createCallLog } from './call-log.ts'
import { createCallMetrics } from './call-metrics.ts'
import { statusLabel } from './error-type-label.ts'
import { createRateLimitMetrics } from './rate-limit-metrics.ts'

export type RecorderEvents = ReturnType<typeof createRecorderEvents>

export type RecorderEventsOptions = {
  /** Takes what is about to run on this thread's loop. */
  readonly note?: Note
  /** Where the lines of threads go; with the others by default. */
  readonly threadLog?: Logger
  /** What records call an id that REDACT names. */
  readonly redactId?: ((id: string) => string) | undefined
  /** Names of all upstreams: what is counted of them is shown at 0 before it happens. */
  readonly upstreams?: readonly string[]
  /** By the built-in prices by default. */
  readonly costOf?: CostOf
  readonly clock?: Pick<Clock, 'now'>
  readonly degradations?: Degradations
}

/** Everything that can happen from the tape to Redis: the one place that maps it to metrics and log lines. */
export function createRecorderEvents(registry: Registry, log: Logger, options: RecorderEventsOptions = {}) {
  const { threadLog, redactId, upstreams = [], costOf = createCostOf(), clock = systemClock } = options
  const { degradations = createDegradations(registry), note = () => undefined } = options
  const lines = { log, throttled: createThrottledLog(log), degradations }
  const metrics = createMetrics(proxyMetrics, registry)
  startAtZero(metrics, upstreams)
  const callLog = createCallLog(log, threadLog, redactId)
  const counters = {
    countCall: createCallMetrics(metrics, costOf),
    noteRateLimits: createRateLimitMetrics(registry, clock),
  }
  return {
    ...callEvents(metrics, lines, counters, callLog),
    ...threadLogEvents(metrics, lines),
    ...observerEvents(metrics, lines, callLog),
    ...contextEvents(metrics, lines),
    ...reportingEvents(lines),
    ...generationEvents(metrics, lines, callLog, counters.countCall),
    ...linkEvents(metrics, lines),
    ...recordEvents(metrics, lines),
    ...loopEvents(note),
    ...spoolEvents(metrics, lines),
    ...crashJournalEvents(metrics, lines),
    ...queueEvents(metrics, lines),
  }
}

const capturedOutcomes = [...mediaOmissions, ...mediaOutcomes, ...publishedMediaOutcomes] as const

type CapturedOutcome = (typeof capturedOutcomes)[number]

export type ProxyMetrics = Metrics<typeof proxyMetrics>
type CallLog = ReturnType<typeof createCallLog>

/** Where failures are shown beside the metrics. */
type Lines = { readonly log: Logger; readonly throttled: ThrottledLog; readonly degradations: Degradations }

/** What is counted of each call's record by functions of their own. */
type CallCounters = {
  readonly countCall: (record: InferenceRecord) => void
  readonly noteRateLimits: (record: InferenceRecord) => void
}

function callEvents(
  metrics: ProxyMetrics,
  { throttled }: Pick<Lines, 'throttled'>,
  { countCall, noteRateLimits }: CallCounters,
  callLog: CallLog,
) {
  return {
    callStarted(call: Call): void {
      callLog.started(call)
    },

    /** @param record undefined where the observer failed */
    callEnded(record: InferenceRecord | undefined): void {
      if (record === undefined) return
      const { operation, upstream, ending, request, response, stream } = record
      if (record.context.metadataCut) metrics.metadataCut.inc({})
      metrics.calls.inc({ operation, upstream, ending, status: statusLabel(response.status) })
      if (request.retry > 0 || request.attemptOf !== undefined) metrics.retries.inc({ upstream })
      if (stream !== undefined) metrics.streamGap.observe({ upstream }, stream.largestGapMs / 1000)
      if (operation !== 'relay') metrics.usageProvenance.inc({ provenance: record.usage.provenance })
      countCall(record)
      noteRateLimits(record)
      callLog.ended(record)
    },

    /** Of a record, or of a name in a log line. */
    redactionTooSlow(): void {
      metrics.redactionsTooSlow.inc({})
      throttled.error(
        'redaction too slow',
        {},
        'a pattern of REDACT takes too long (catastrophic backtracking); records go without content meanwhile',
      )
    },

    bodyLeftOut(body: 'request' | 'response', bytes: number): void {
      metrics.unrecordedBodyBytes.inc({ body }, bytes)
    },
  }
}

function threadLogEvents(metrics: ProxyMetrics, { log, throttled, degradations }: Lines) {
  return {
    threadLogDropped(lines: number, reason: LineDrop): void {
      metrics.threadLogDropped.inc({ reason }, lines)
    },

    threadLogFailed(cause: unknown): void {
      const effect = 'thread logs cannot be written; their lines are left out until they can'
      degradations.failed('thread_logs', effect, cause)
      throttled.error('thread logs', { err: cause }, effect)
    },

    threadLogWritten(): void {
      if (degradations.recovered('thread_logs')) log.info('thread logs can be written again')
    },
  }
}

function observerEvents(metrics: ProxyMetrics, { throttled }: Lines, callLog: CallLog) {
  return {
    mediumCaptured(outcome: CapturedOutcome, media = 1): void {
      metrics.media.inc({ outcome }, media)
    },

    /** A defect cost a call its record. */
    recordingFailed(cause: unknown): void {
      metrics.observerFailures.inc({})
      throttled.error(
        'recording failed',
        { err: cause },
        'a call could not be recorded; the call itself went on',
      )
    },

    observerFailed(call: Call, cause: unknown): void {
      metrics.observerFailures.inc({})
      throttled.error(
        'observer failed',
        { err: cause },
        'a call could not be recorded; the call itself went on',
        callLog.forCall(call),
      )
    },

    formObserverFailed(call: Call, cause: unknown): void {
      metrics.observerFailures.inc({})
      throttled.error(
        'form observer failed',
        { err: cause },
        'a form could not be read completely; the call itself went on',
        callLog.forCall(call),
      )
    },

    stitchingFailed(cause: unknown): void {
      metrics.observerFailures.inc({})
      throttled.error(
        'stitching failed',
        { err: cause },
        'a call could not be linked to its run; it is recorded by itself',
      )
    },

    attributionFailed(cause: unknown): void {
      metrics.observerFailures.inc({})
      throttled.error(
        'attribution failed',
        { err: cause },
        'a call could not be attributed; the call itself went on',
      )
    },
  }
}

function contextEvents(metrics: ProxyMetrics, { throttled }: Lines) {
  return {
    contextLookedUp(outcome: LookUpOutcome): void {
      metrics.contextLookUps.inc({ outcome })
    },

    contextStoreFailed(cause: unknown): void {
      throttled.warn(
        'context store failed',
        { err: cause },
        'registered contexts cannot be read or written; calls go on without them',
      )
    },

    /** An id that only says that there is none. */
    placeholderIgnored(source: PlaceholderSource): void {
      metrics.placeholderIds.inc({ source })
    },

    contextEvicted(): void {
      metrics.contextsEvicted.inc({})
    },
  }
}

function reportingEvents({ log, throttled }: Lines) {
  return {
    usageReportingLearned(upstream: string, model: string, reporting: Reporting): void {
      log.info({ upstream, model, reporting }, 'learned how an upstream reports the usage of its streams')
    },

    usageReportingNotKept(cause: unknown): void {
      throttled.warn(
        'reporting not kept',
        { err: cause },
        'what was learned of upstreams cannot be written, and is lost with this process',
      )
    },
  }
}

function generationEvents(
  metrics: ProxyMetrics,
  { throttled }: Lines,
  callLog: CallLog,
  countCall: CallCounters['countCall'],
) {
  return {
    generationOpened(): void {
      metrics.generations.inc({ outcome: 'open' })
    },

    generationCompleted(record: InferenceRecord): void {
      metrics.generations.inc({ outcome: 'completed' })
      countCall(record)
      callLog.completed(record)
    },

    generationUnknown(): void {
      metrics.generations.inc({ outcome: 'unknown' })
    },

    generationsNotKept(cause: unknown): void {
      throttled.warn(
        'generations not kept',
        { err: cause },
        'generations that still run cannot be kept on disk, and are forgotten with this process',
      )
    },
  }
}

function linkEvents(metrics: ProxyMetrics, { throttled }: Lines) {
  return {
    stitchingMemoryFailed(where: 'disk' | 'redis', cause: unknown): void {
      throttled.warn(
        `links ${where}`,
        { where, err: cause },
        'links between calls cannot be remembered; calls of a run may be apart after a restart, or between sidecars',
      )
    },

    callLinked({ kind, refused }: Link): void {
      metrics.links.inc({ kind })
      if (refused !== undefined) metrics.linksRefused.inc({ reason: refused })
    },
  }
}

function recordEvents(metrics: ProxyMetrics, { throttled }: Lines) {
  return {
    accepted(): void {
      metrics.recordsAccepted.inc({})
    },

    dropped(count: number, reason: DropReason): void {
      metrics.recordsDropped.inc({ reason }, count)
      throttled.warn(`dropped ${reason}`, { count, reason }, 'records dropped')
    },
  }
}

/** What is about to take the loop's time. */
function loopEvents(note: Note) {
  return {
    tapeRead: (): void => note('reading the tape'),
    packClosed: (): void => note('packing records'),
  }
}

function spoolEvents(metrics: ProxyMetrics, { log, throttled, degradations }: Lines) {
  return {
    spoolFailed(operation: SpoolOperation, cause: unknown): void {
      metrics.spoolFailures.inc({ operation })
      const effect = 'the spool fails; records wait in memory until it works again'
      degradations.failed('spool', effect, cause)
      throttled.error(`spool ${operation}`, { operation, err: cause }, effect)
    },

    spoolRepaired(cause: unknown): void {
      log.error(
        { err: cause },
        'the spool was damaged and has been repaired; what is missing counts as spool_lost',
      )
    },

    spoolRecovered(): void {
      degradations.recovered('spool')
      throttled.info('spool works', {}, 'the spool works again')
    },
  }
}

function crashJournalEvents(metrics: ProxyMetrics, { log, throttled, degradations }: Lines) {
  return {
    journalFailed(cause: unknown): void {
      const effect = 'the crash journal cannot be written; calls in flight would be lost with the process'
      degradations.failed('crash_journal', effect, cause)
      throttled.error('crash journal', { err: cause }, effect)
    },

    journalWorks(): void {
      if (degradations.recovered('crash_journal')) log.info('the crash journal can be written again')
    },

    callsRecovered({ whole, interrupted }: { readonly whole: number; readonly interrupted: number }): void {
      metrics.callsRecovered.inc({ outcome: 'whole' }, whole)
      metrics.callsRecovered.inc({ outcome: 'interrupted' }, interrupted)
      if (whole + interrupted > 0) {
        log.warn({ whole, interrupted }, 'an earlier process was killed; its last calls are recorded now')
      }
    },

    callsNotRecovered(calls: number): void {
      metrics.callsRecovered.inc({ outcome: 'lost' }, calls)
    },

    journalUnreadable(bytes: number): void {
      log.error(
        { bytes },
        'part of the crash journal of an earlier process is damaged, or of another version: calls in it have no record',
      )
    },

    recoveryFailed(cause: unknown): void {
      log.error(
        { err: cause },
        'the last calls of an earlier process cannot be read; it is tried at the next start',
      )
    },
  }
}

function queueEvents(metrics: ProxyMetrics, { log, throttled, degradations }: Lines) {
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
      degradations.recovered('redis')
      throttled.info('queue ready', {}, 'records go to Redis')
    },

    /** @param cause what Redis or its connection said, where that is known */
    queueUnavailable(reason: QueueTrouble, cause?: unknown): void {
      metrics.queueReady.set({}, 0)
      const effect = 'records wait in the spool: Redis cannot take them'
      degradations.failed('redis', effect, cause ?? reason)
      throttled.warn(`queue ${reason}`, { reason, detail: cause && reasonOf(cause) }, effect)
    },
  }
}

function startAtZero(metrics: ProxyMetrics, upstreams: readonly string[]): void {
  metrics.retries.startAtZero('upstream', upstreams)
  metrics.recordsDropped.startAtZero('reason', dropReasons)
  metrics.media.startAtZero('outcome', capturedOutcomes)
  metrics.spoolFailures.startAtZero('operation', spoolOperations)
  metrics.queueFailures.startAtZero('reason', queueTroubles)
  metrics.contextLookUps.startAtZero('outcome', lookUpOutcomes)
  metrics.placeholderIds.startAtZero('source', placeholderSources)
  metrics.links.startAtZero('kind', linkKinds)
  metrics.linksRefused.startAtZero('reason', linkRefusals)
  metrics.threadLogDropped.startAtZero('reason', lineDrops)
  metrics.unrecordedBodyBytes.startAtZero('body', ['request', 'response'])
  metrics.callsRecovered.startAtZero('outcome', ['whole', 'interrupted', 'lost'])
  metrics.generations.startAtZero('outcome', ['open', 'completed', 'unknown'])
  metrics.costSources.startAtZero('source', ['provider', 'price_list', 'none'])
  metrics.usageProvenance.startAtZero('provenance', ['provider', 'estimated', 'missing'])
}
