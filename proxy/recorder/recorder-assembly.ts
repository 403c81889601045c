import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Logger } from '../../shared/logger.ts'
import { spoolReadings } from '../../shared/metrics/catalogue.ts'
import { createReadings } from '../../shared/metrics/readings.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { threadLogger } from '../../shared/thread-logs/thread-logger.ts'
import { createThreadLogs, type LineDrop, type ThreadLogs } from '../../shared/thread-logs/thread-logs.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Registered, RegisteredContexts } from '../attribution/store/store.ts'
import { redactRecord } from '../observe/redact/redact-record.ts'
import { createRedactor } from '../observe/redact/redactor.ts'
import { createOutbox, type Outbox } from '../outbox/outbox.ts'
import { openSpool } from '../spool/open-spool.ts'
import type { Spool } from '../spool/spool.ts'
import type { RingMemory } from '../tape/ring.ts'
import { createRecorderEvents, type RecorderEvents } from './recorder-events.ts'
import { assembleRecording } from './recording-assembly.ts'
import type { TapeReader } from './tape-reader.ts'

/** From the tape to the spool. */
export type RecorderAssembly = {
  readonly spool: Spool
  readonly outbox: Outbox
  readonly events: RecorderEvents
  readonly tape: TapeReader
  readonly contexts: RegisteredContexts
  /** In start order; what delivers the records starts between the spool and the others. */
  readonly parts: { readonly spool: Part; readonly recording: readonly Part[] }
}

export type RecorderOutputs = {
  readonly onContextFound: (threadId: string, registered: Registered) => void
  /** Called with each record once it is accepted; neither throws nor blocks. */
  readonly onRecord: (record: InferenceRecord) => void
}

/** Limit of the records kept in memory while the spool's disk fails. */
const spoolMemoryBytes = 32 * 1024 * 1024

/**
 * Wires the recorder. Nothing runs yet, but the spool is open.
 * @throws SpoolInUse when another process uses the data folder
 */
export async function assembleRecorder(
  config: Config,
  registry: Registry,
  log: Logger,
  clock: Clock,
  memory: RingMemory,
  { onContextFound, onRecord }: RecorderOutputs,
): Promise<RecorderAssembly> {
  const threadLogs = config.threadLogs ? openThreadLogs() : undefined
  const events = createRecorderEvents(
    registry,
    log,
    threadLogs && threadLogger(config.logLevel, 'proxy', threadLogs),
  )
  const spool = await openSpool({
    dir: config.dataDir,
    maxBytes: config.spoolMaxBytes,
    memoryMaxBytes: spoolMemoryBytes,
    events,
  })
  const outbox = createOutbox({
    spool,
    events: { ...events, settled: (records) => recording.settle(records) },
  })
  const accept = (record: InferenceRecord): void => {
    outbox.accept(record)
    onRecord(record)
  }
  const outputs = { events, accept: redactFirst(config, accept), onContextFound }
  const recording = assembleRecording(config, clock, memory, outputs)
  createReadings(spoolReadings, registry, {
    spoolRecords: () => spool.ledger().spooled + outbox.unspooled(),
    spoolBytes: () => spool.size().bytes,
    spoolLimit: () => config.spoolMaxBytes,
  })

  function openThreadLogs(): ThreadLogs {
    const onDropped = (lines: number, reason: LineDrop): void => events.threadLogDropped(lines, reason)
    return createThreadLogs({ folder: join(config.dataDir, 'logs'), clock, onDropped })
  }

  return {
    spool,
    outbox,
    events,
    tape: recording.tape,
    contexts: recording.contexts,
    parts: {
      spool: { name: 'spool', stop: () => spool.close() },
      recording: [
        ...(threadLogs === undefined ? [] : [threadLogs]),
        { name: 'outbox', stop: () => outbox.flush() },
        ...recording.parts,
      ],
    },
  }
}

/** Nothing of a record is kept, written or sent before REDACT has been applied. */
function redactFirst({ redact }: Config, accept: Outbox['accept']): Outbox['accept'] {
  const redactor = createRedactor(redact)
  return redactor === undefined ? accept : (record) => accept(redactRecord(record, redactor))
}
