import type { Part } from '../../shared/lifecycle.ts'
import type { CallContext, InferenceRecord } from '../../shared/record/record.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import type { RegisteredContexts } from '../attribution/store/store.ts'
import type { Recovery } from '../crash-journal/recovery.ts'
import { createLiveBoard, type LiveBoard } from '../live/live-board.ts'
import type { LiveContent } from '../live/live-call.ts'
import type { MediaSpool } from '../media/media-spool.ts'
import { redactContext, redactRecord } from '../observe/redact/redact-record.ts'
import { createRedactor, type Redactor } from '../observe/redact/redactor.ts'
import { createOutbox, type Outbox } from '../outbox/outbox.ts'
import type { Spool } from '../spool/spool.ts'
import { assembleStitching } from '../stitching/assembly.ts'
import type { RecordedTape } from '../tape/recorded-tape.ts'
import { assembleEvents, type RecorderSurroundings } from './events-assembly.ts'
import { assembleJournal, assembleRecovery } from './journal-assembly.ts'
import type { RecorderEvents } from './recorder-events.ts'
import { assembleRecording, type RecordingOutputs, type ReplayedRecording } from './recording-assembly.ts'
import { registerReportingMetrics } from './reporting-metrics.ts'
import { assembleSpool, registerSpoolReadings } from './spool-assembly.ts'
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
  /** Counts calls that the reader of the tape before, which died, had not settled, except those whose records it had put. */
  countLost(calls: number): void
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
}

/**
 * Wires the recorder. Nothing runs yet, but the spool is open.
 * @throws SpoolInUse when another process uses the data folder
 */
export async function assembleRecorder(
  surroundings: RecorderSurroundings,
  { memory, journal: journalName, settledPack }: RecordedTape,
  options: RecorderOptions,
): Promise<RecorderAssembly> {
  const { config, registry, clock } = surroundings
  const { onContextFound, onUsageReported, onRecord, keepsMedia, note, run } = options
  const redactor = createRedactor(config.redact, { clock, onExceeded: () => events.redactionTooSlow() })
  const { events, threadLogs } = assembleEvents(surroundings, redactor, note)
  const { spool, media, part: spoolPart } = await assembleSpool(config, keepsMedia, events)
  const lost = lostCalls(spool, settledPack)
  const settled = (records: number, callIds: readonly string[]): void => {
    recording.settle(records)
    recording.settlePack(spool.recorded.newest())
    journal?.settle(callIds)
  }
  const notesCall = (id: string): boolean => config.crashJournal || recovery?.isRecovering(id) === true
  const outbox = createOutbox({ spool, events: { ...events, settled }, notesCall })
  const accept = (record: InferenceRecord): void => {
    outbox.accept(record)
    live.recordAccepted(record)
    onRecord(record)
  }
  const stitching = await assembleStitching(config, clock, events, redactor?.text)
  let recovery: Recovery | undefined
  const mayForget = (): boolean => recovery?.isComplete() ?? false
  const journalParts = { run, journal: journalName, spool, clock, events, mayForget }
  const journal = assembleJournal(config, journalParts, stitching?.stitching, redactor)
  const recording = assembleRecording(config, clock, memory, {
    ...(journal !== undefined && { journal }),
    recover(replay: ReplayedRecording) {
      recovery = assembleRecovery(config, journalParts, outbox, replay)
      return recovery
    },
    ...(stitching !== undefined && { stitching: stitching.stitching }),
    ...{ events, accept, redact: redactWith(redactor), onContextFound, onUsageReported },
    dataDir: config.dataDir,
    ...(media && { media }),
  })
  recording.settlePack(spool.recorded.newest())
  const { tape, contexts, openCalls } = recording
  const live = createLiveBoard({ open: openCalls, content: liveContentOf(config, redactor), clock })
  registerReportingMetrics(registry, recording.reporting)
  registerSpoolReadings(registry, { config, clock, spool, outbox, media })
  const outboxPart: Part = { name: 'outbox', stop: () => outbox.flush() }
  const startedFirst = [journal, threadLogs, ...(stitching?.parts ?? [])].filter((part) => part !== undefined)

  return {
    ...{ spool, outbox, events, tape, contexts, live, ...(media && { media }) },
    countLost: lost.count,
    async caughtUp() {
      await lost.counted
      await recovery?.done()
      await tape.catchUp()
    },
    parts: { spool: spoolPart, recording: [...startedFirst, outboxPart, ...recording.parts] },
  }
}

/**
 * Calls that the reader of the tape before had not settled. Of packs that it had put it may not have come to settle the calls.
 * @param settledPack absent where there was none
 */
function lostCalls(spool: Pick<Spool, 'recordsAfter' | 'reject'>, settledPack: number | undefined) {
  if (settledPack === undefined) return { counted: Promise.resolve(), count: () => undefined }
  const kept = spool.recordsAfter(settledPack)
  let resolveCounted: () => void = () => undefined
  return {
    /** Until then the ledger may show less than was accepted before. */
    counted: new Promise<void>((resolve) => {
      resolveCounted = resolve
    }),
    count(calls: number): void {
      if (calls > kept) spool.reject(calls - kept, 'recorder_died')
      resolveCounted()
    },
  }
}

/** Nothing of a record is kept, written or sent before REDACT has been applied. */
function redactWith(redactor: Redactor | undefined): (record: InferenceRecord) => InferenceRecord {
  return redactor === undefined ? (record) => record : (record) => redactRecord(record, redactor)
}

function liveContentOf(
  { captureContent: capture }: RecorderSurroundings['config'],
  redactor: Redactor | undefined,
): LiveContent {
  if (redactor === undefined) return { capture }
  const redactShown = (context: CallContext): CallContext =>
    redactor.whole(
      () => redactContext(context, redactor),
      (hiding) => redactContext(context, hiding),
    )
  return { capture, redactContext: redactShown }
}
