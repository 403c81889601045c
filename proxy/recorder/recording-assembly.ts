import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { assembleContext } from '../attribution/assembly.ts'
import type { Registered, RegisteredContexts } from '../attribution/store/store.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import type { MediaSpool } from '../media/media-spool.ts'
import { createAttempts } from '../observe/attempts.ts'
import { createMediaCollector, type MediaCollector } from '../observe/capture/media-collector.ts'
import { type RingMemory, RingReader } from '../tape/ring.ts'
import { mayKeepMedia } from './media-assembly.ts'
import { createPendingRecords } from './pending-records.ts'
import { createRecorder } from './recorder.ts'
import type { RecorderEvents } from './recorder-events.ts'
import { createTapeReader, type TapeReader } from './tape-reader.ts'

/** What makes records of what is on the tape. */
export type RecordingAssembly = {
  readonly tape: TapeReader
  readonly contexts: RegisteredContexts
  /** In start order: stopped in reverse, the tape is read to its end first, then all pending records are accepted. */
  readonly parts: readonly Part[]
  /** Notes that so many calls are done with. */
  settle(calls: number): void
}

export type RecordingOutputs = {
  readonly events: RecorderEvents
  /** Takes a finished record; neither throws nor blocks. */
  readonly accept: (record: InferenceRecord) => void
  /** Where the bytes of media are kept, if anywhere. */
  readonly media?: Pick<MediaSpool, 'keep' | 'release'>
  /** A registered context that responses should name. */
  readonly onContextFound: (threadId: string, registered: Registered) => void
}

/** Wires the way from the tape to the record; nothing runs yet. */
export function assembleRecording(
  config: Config,
  clock: Clock,
  memory: RingMemory,
  { events, accept, onContextFound, media }: RecordingOutputs,
  pollMs?: number,
): RecordingAssembly {
  const ring = new RingReader(memory)
  const pendingRecords = createPendingRecords()
  const contextEvents = { ...events, contextFound: onContextFound }
  const contexts = assembleContext(config, clock, contextEvents, pendingRecords.idle)
  const settle = (calls: number): void => ring.settle(calls)
  const recorder = createRecorder({
    providers: new Map([...upstreamsOf(config)].map(([name, { provider }]) => [name, provider])),
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    ...(media && mayKeepMedia(config) && { collectMedia: mediaCollectors(config, media, events) }),
    attempts: createAttempts(clock),
    contexts: contexts.forCalls,
    pendingRecords,
    events,
    accept,
    onNoRecord: () => settle(1),
  })
  const tape = createTapeReader({ ring, visit: recorder, ...(pollMs !== undefined && { pollMs }) })
  return { tape, contexts: contexts.store, parts: [contexts.part, tape], settle }
}

/** Of media of all calls while they arrive. */
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
