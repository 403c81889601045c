import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Config } from '../../shared/config/load.ts'
import type { Degradations } from '../../shared/degradation/degradations.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Logger } from '../../shared/logger.ts'
import { spoolReadings } from '../../shared/metrics/catalogue.ts'
import { createReadings } from '../../shared/metrics/readings.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { threadLogger } from '../../shared/thread-logs/thread-logger.ts'
import { createThreadLogs, type ThreadLogs } from '../../shared/thread-logs/thread-logs.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import { secondsSince } from '../../shared/timing/seconds-since.ts'
import type { RegisteredContexts } from '../attribution/store/store.ts'
import type { Recovery } from '../crash-journal/recovery.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import { createLiveBoard, type LiveBoard } from '../live/live-board.ts'
import type { LiveContent } from '../live/live-call.ts'
import type { MediaSpool } from '../media/media-spool.ts'
import { redactContext, redactRecord } from '../observe/redact/redact-record.ts'
import { createRedactor, type Redactor } from '../observe/redact/redactor.ts'
import { createOutbox, type Outbox } from '../outbox/outbox.ts'
import { openSpool } from '../spool/open-spool.ts'
import type { Spool } from '../spool/spool.ts'
import { assembleStitching } from '../stitching/assembly.ts'
import type { RingMemory } from '../tape/ring.ts'
import { assembleJournal, assembleRecovery } from './journal-assembly.ts'
import { freeingDisk, openMedia } from './media-assembly.ts'
import { createRecorderEvents, type RecorderEvents } from './recorder-events.ts'
import { assembleRecording, type RecordingOutputs, type ReplayedRecording } from './recording-assembly.ts'
import { registerReportingMetrics } from './reporting-metrics.ts'
import type { TapeReader } from './tape-reader.ts'

/** From the tape to the spool. */
export type RecorderAssembly = {
  readonly spool: Spool
  readonly outbox: Outbox
  /** Present where the bytes of media are kept. */
  readonly media?: MediaSpool
  readonly events: RecorderEvents
  readonly tape: TapeReader
  readonly contexts: RegisteredContexts
  /** Resolves when calls that an earlier process was killed with, and those that have ended by now, are accepted for good. */
  caughtUp(): Promise<void>
  readonly live: LiveBoard
  /** In start order; what delivers the records starts between the spool and the others. */
  readonly parts: { readonly spool: Part; readonly recording: readonly Part[] }
}

export type RecorderOptions = Pick<RecordingOutputs, 'onContextFound' | 'onUsageReported'> & {
  /** Called with each record once it is accepted; neither throws nor blocks. */
  readonly onRecord: (record: InferenceRecord) => void
  /** Whether somebody uploads media, so that their bytes are kept. */
  readonly keepsMedia: boolean
  /** What is about to run on this thread's loop. */
  readonly note: Note
  /** Names the process among those that had the data folder. */
  readonly run: string
  /** The name of the folder that the journal of the tape is in. */
  readonly journal: string
}

/** Of the process that the recorder is in. */
export type RecorderSurroundings = {
  readonly config: Config
  readonly registry: Registry
  readonly log: Logger
  readonly clock: Clock
  readonly degradations: Degradations
}

/** Limit of the records kept in memory while the spool's disk fails. */
const spoolMemoryBytes = 32 * 1024 * 1024

/**
 * Wires the recorder. Nothing runs yet, but the spool is open.
 * @throws SpoolInUse when another process uses the data folder
 */
export async function assembleRecorder(
  { config, registry, log, clock, degradations }: RecorderSurroundings,
  memory: RingMemory,
  { onContextFound, onUsageReported, onRecord, keepsMedia, note, run, journal: journalName }: RecorderOptions,
): Promise<RecorderAssembly> {
  const redactor = createRedactor(config.redact)
  const threadLogs = config.threadLogs ? openThreadLogs(config, clock, () => events) : undefined
  const events = createRecorderEvents(registry, log, {
    ...(threadLogs && { threadLog: threadLogger(config.logLevel, 'proxy', threadLogs) }),
    redactId: redactor?.id,
    upstreams: [...upstreamsOf(config).keys()],
    costOf: createCostOf(config.ownPrices),
    clock,
    note,
    degradations,
  })
  const media = await openMedia(config, keepsMedia, events, () => spool)
  const spool = await openSpool({
    dir: config.dataDir,
    maxBytes: config.spoolMaxBytes,
    memoryMaxBytes: spoolMemoryBytes,
    events: freeingDisk(events, media),
    ...(media && { beside: media }),
  })
  // No record is left that could name them.
  if (spool.size().bytes === 0) media?.evict(Number.POSITIVE_INFINITY)
  const outbox = createOutbox({
    spool,
    events: {
      ...events,
      settled(records, callIds) {
        recording.settle(records)
        journal?.settle(callIds)
      },
    },
    notesCalls: config.crashJournal,
  })
  const { dataDir } = config
  const accept = (record: InferenceRecord): void => {
    outbox.accept(record)
    live.recordAccepted(record)
    onRecord(record)
  }
  const stitching = await assembleStitching(config, clock, events, redactor?.text)
  const mayForget = (): boolean => recovery?.isComplete() ?? false
  const journalParts = { run, journal: journalName, spool, clock, events, mayForget }
  const journal = assembleJournal(config, journalParts, stitching?.stitching, redactor)
  let recovery: Recovery | undefined
  const outputs = {
    ...(journal !== undefined && { journal }),
    recover(replay: ReplayedRecording) {
      recovery = assembleRecovery(config, journalParts, outbox, replay)
      return recovery
    },
    ...(stitching !== undefined && { stitching: stitching.stitching }),
    events,
    accept,
    redact: redactWith(redactor),
    onContextFound,
    onUsageReported,
    dataDir,
    ...(media && { media }),
  }
  const recording = assembleRecording(config, clock, memory, outputs)
  const live = createLiveBoard({ open: recording.openCalls, content: liveContentOf(config, redactor), clock })
  registerReportingMetrics(registry, recording.reporting)
  registerSpoolReadings(registry, { config, clock, spool, outbox, media })

  return {
    spool,
    outbox,
    ...(media && { media }),
    events,
    tape: recording.tape,
    contexts: recording.contexts,
    async caughtUp() {
      await recovery?.done()
      await recording.tape.catchUp()
    },
    live,
    parts: {
      spool: spoolPart(spool, media),
      recording: [
        ...(journal === undefined ? [] : [journal]),
        ...(threadLogs === undefined ? [] : [threadLogs]),
        ...(stitching?.parts ?? []),
        { name: 'outbox', stop: () => outbox.flush() },
        ...recording.parts,
      ],
    },
  }
}

/** @param events those that have the logs, and are made after them */
function openThreadLogs({ dataDir }: Config, clock: Clock, events: () => RecorderEvents): ThreadLogs {
  return createThreadLogs({
    folder: join(dataDir, 'logs'),
    clock,
    onDropped: (lines, reason) => events().threadLogDropped(lines, reason),
    onFailed: (cause) => events().threadLogFailed(cause),
    onWritten: () => events().threadLogWritten(),
  })
}

function registerSpoolReadings(
  registry: Registry,
  {
    config,
    clock,
    spool,
    outbox,
    media,
  }: Pick<RecorderSurroundings, 'config' | 'clock'> &
    Pick<RecorderAssembly, 'spool' | 'outbox'> & { readonly media: MediaSpool | undefined },
): void {
  createReadings(spoolReadings, registry, {
    spoolRecords: () => spool.ledger().spooled + outbox.unspooled(),
    spoolBytes: () => spool.size().bytes,
    spoolOldest: () => secondsSince(clock, spool.oldestAt()),
    mediaBytes: () => media?.bytes() ?? 0,
    spoolLimit: () => config.spoolMaxBytes,
  })
}

/** Nothing of a record is kept, written or sent before REDACT has been applied. */
function redactWith(redactor: Redactor | undefined): (record: InferenceRecord) => InferenceRecord {
  return redactor === undefined ? (record) => record : (record) => redactRecord(record, redactor)
}

function liveContentOf({ captureContent: capture }: Config, redactor: Redactor | undefined): LiveContent {
  if (redactor === undefined) return { capture }
  return { capture, redactContext: (context) => redactContext(context, redactor) }
}

function spoolPart(spool: Spool, media: MediaSpool | undefined): Part {
  return {
    name: 'spool',
    async stop(deadline) {
      await media?.stop?.(deadline)
      await spool.close()
    },
  }
}
