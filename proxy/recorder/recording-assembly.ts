import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Registered, RegisteredContexts } from '../attribution/store/store.ts'
import type { CrashJournal } from '../crash-journal/crash-journal.ts'
import { mayJournal } from '../crash-journal/may-journal.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import type { OpenCall } from '../live/call-in-flight.ts'
import type { MediaSpool } from '../media/media-spool.ts'
import { createAttempts } from '../observe/attempts.ts'
import { createMediaCollector, type MediaCollector } from '../observe/capture/media-collector.ts'
import type { Stitching } from '../stitching/stitching.ts'
import type { FrameReader, RingMemory } from '../tape/ring.ts'
import { RingReader } from '../tape/ring-reader.ts'
import type { KnownReporting } from '../usage-reporting/known-reporting.ts'
import type { ReportingMemory } from '../usage-reporting/reporting-memory.ts'
import { createBodyRoom } from './body-room.ts'
import type { CallRecording, RecordingParts } from './call-recording.ts'
import { mayKeepMedia } from './media-assembly.ts'
import { createPendingRecords } from './pending-records.ts'
import { createRecorder } from './recorder.ts'
import type { RecorderEvents } from './recorder-events.ts'
import { assembleState } from './state-assembly.ts'
import { createTapeReader, type TapeReader } from './tape-reader.ts'

/** What makes records of what is on the tape. */
export type RecordingAssembly = {
  readonly tape: TapeReader
  readonly contexts: RegisteredContexts
  readonly reporting: ReportingMemory
  /** The calls in flight, oldest first. */
  readonly openCalls: () => Iterable<OpenCall>
  /** In start order: stopped in reverse, the tape is read to its end first, then all pending records are accepted. */
  readonly parts: readonly Part[]
  /** Notes that so many calls are done with. */
  settle(calls: number): void
  /** Notes that calls of packs up to this one are. */
  settlePack(number: number): void
}

/** For the frames of a crash journal. */
export type ReplayedRecording = {
  /** Records calls that are not on the tape, beside those that are. */
  readonly visit: FrameReader
  /** Such a call is about to begin. */
  onBegin(): void
  /** Resolves when all that have ended are accepted. */
  idle(): Promise<void>
}

export type RecordingOutputs = {
  readonly events: RecorderEvents
  /** Takes a finished record; neither throws nor blocks. */
  readonly accept: (record: InferenceRecord) => void
  /** Applied to each record before anything of it is kept. */
  readonly redact?: (record: InferenceRecord) => InferenceRecord
  /** Where the bytes of media are kept, if anywhere. */
  readonly media?: Pick<MediaSpool, 'keep' | 'release'>
  /** A registered context that responses should name. */
  readonly onContextFound: (threadId: string, registered: Registered) => void
  /** Something was learned of how an upstream reports usage. */
  readonly onUsageReported: KnownReporting['set']
  /** DATA_DIR; without it nothing of what is learned is kept on disk. */
  readonly dataDir?: string
  /** Absent with STITCH=off. */
  readonly stitching?: Stitching
  /** Absent with CRASH_JOURNAL=off. */
  readonly journal?: Pick<CrashJournal, 'visit' | 'written' | 'settle'>
  /** Makes the part that records what an earlier process was killed with; it starts before the tape is read. */
  readonly recover?: (replay: ReplayedRecording) => Part
}

/** Where the relay may not journal all that is on the tape, and a kill takes the rest of what was not read. */
const strippedPollMs = 20

/** Wires the way from the tape to the record; nothing runs yet. */
export function assembleRecording(
  config: Config,
  clock: Clock,
  memory: RingMemory,
  outputs: RecordingOutputs,
  pollMs = mayJournal(config).bodies ? undefined : strippedPollMs,
): RecordingAssembly {
  const { events, accept, media, stitching, redact = unchanged, journal, recover } = outputs
  const ring = new RingReader(memory)
  const settle = (calls: number): void => ring.settle(calls)
  const pendingRecords = createPendingRecords()
  const state = assembleState(config, clock, {
    ...outputs,
    pendingRecords,
    acceptCompleted(record, { observedOutput }) {
      // It is settled like the record of a call, and none was begun for it.
      settle(-1)
      accept(redact(stitching?.answered(record, observedOutput) ?? record))
    },
  })
  const open = new Map<number, CallRecording>()
  const parts: RecordingParts = {
    providers: new Map([...upstreamsOf(config)].map(([name, { provider }]) => [name, provider])),
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    ...(media && mayKeepMedia(config) && { collectMedia: mediaCollectors(config, media, events) }),
    bodyRoom: createBodyRoom(),
    attempts: createAttempts(clock),
    contexts: state.contexts.forCalls,
    pendingRecords,
    reporting: state.reporting.memory,
    generations: state.generations.generations,
    ...{ events, accept, redact },
    onNoRecord(callId) {
      settle(1)
      if (callId !== undefined) journal?.settle([callId])
    },
    ...(stitching !== undefined && { stitching }),
  }
  const recovery = recover === undefined ? [] : [recover(replayedRecording(parts, settle))]
  const tape = createTapeReader({
    ring,
    visit: createRecorder(parts, open),
    onRead: events.tapeRead,
    ...(journal !== undefined && { journal }),
    ...(pollMs !== undefined && { pollMs }),
  })
  return {
    tape,
    contexts: state.contexts.store,
    reporting: state.reporting.memory,
    openCalls: () => open.values(),
    parts: [...state.parts, ...recovery, tape],
    settle,
    settlePack: (number) => ring.settlePack(number),
  }
}

function replayedRecording(parts: RecordingParts, settle: (calls: number) => void): ReplayedRecording {
  // Counted apart: under load some record of the others is always pending.
  const pendingRecords = createPendingRecords()
  return {
    visit: createRecorder({ ...parts, pendingRecords }),
    // It is settled like a call on the tape, and none was begun there.
    onBegin: () => settle(-1),
    idle: pendingRecords.idle,
  }
}

const unchanged = (record: InferenceRecord): InferenceRecord => record

/** Limit of the media of all calls together while they arrive. */
const growingMediaBytes = 67_108_864

/** @returns makes the collector of one call */
function mediaCollectors(
  { mediaMaxBytes: maxBytes }: Config,
  { keep, release }: Pick<MediaSpool, 'keep' | 'release'>,
  events: Pick<RecorderEvents, 'mediumCaptured'>,
): () => MediaCollector {
  const memory = { left: growingMediaBytes }
  return () => createMediaCollector({ keep, release, maxBytes, memory, onOmitted: events.mediumCaptured })
}
