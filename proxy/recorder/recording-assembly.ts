import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { assembleContext } from '../attribution/assembly.ts'
import type { Registered, RegisteredContexts } from '../attribution/store/store.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import { createAttempts } from '../observe/attempts.ts'
import { type RingMemory, RingReader } from '../tape/ring.ts'
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
  /** A registered context that responses should name. */
  readonly onContextFound: (threadId: string, registered: Registered) => void
}

/** Wires the way from the tape to the record; nothing runs yet. */
export function assembleRecording(
  config: Config,
  clock: Clock,
  memory: RingMemory,
  { events, accept, onContextFound }: RecordingOutputs,
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
