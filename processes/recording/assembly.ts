import type { MediaSpool } from '../../proxy/media/media-spool.ts'
import { mayKeepMedia } from '../../proxy/recorder/media-assembly.ts'
import { assembleRecorder, type RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import { registerRelayMetrics } from '../../proxy/recorder/relay-metrics.ts'
import { embeddedLedger } from '../../proxy/spool/read-ledger.ts'
import { spoolIntake } from '../../proxy/spool/spool-intake.ts'
import type { RelayCounts } from '../../proxy/tape/relay-counts.ts'
import { createAdminPort } from '../../shared/admin/admin-port.ts'
import type { Config } from '../../shared/config/load.ts'
import type { HttpPort } from '../../shared/http/http-port.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { MediaSource } from '../../shared/queue/media-source.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import { assembleWorker, intakePart, packsAtOnce, type WorkerAssembly } from '../../worker/assembly.ts'
import { type CarrierAssembly, type RedisCarrier, redisCarrier } from '../assembly/redis-carrier.ts'
import type { Runtime } from '../assembly/runtime.ts'
import type { RecordingRole, RelayFunctions, ThreadData } from './protocol.ts'

/** Everything but the relay: what makes records, delivers them, and shows both to operators. */
export type RecordingThreadAssembly = {
  readonly recorder: RecorderAssembly
  readonly adminPort: HttpPort
  /** In start order. */
  readonly parts: readonly Part[]
}

type Relay = {
  [F in keyof RelayFunctions]: (
    ...args: Parameters<RelayFunctions[F]>
  ) => Promise<ReturnType<RelayFunctions[F]>>
}

/** A relay that does not answer for so long is shown as it was. */
const relayAnswerMs = 1_000
/** One that does not answer for so long is taken for dead. */
const relayAliveMs = 5_000

/** @throws SpoolInUse when another process uses the data folder */
export async function assembleRecordingThread(
  { config, registry, log, clock }: Runtime,
  { role, memory }: Pick<ThreadData, 'role' | 'memory'>,
  relay: Relay,
): Promise<RecordingThreadAssembly> {
  const recorder = await assembleRecorder(config, registry, log, clock, memory, {
    onContextFound: (...found) => void relay.contextFound(...found),
    onUsageReported: (...reported) => void relay.usageReported(...reported),
    // Before anything can hold it up: an outage of the sinks must not hide the last calls.
    onRecord: (record: InferenceRecord) => worker?.recentCalls?.keep([record]),
    keepsMedia: keepsMedia(config, role),
  })
  const redis =
    config.redisUrl === undefined ? undefined : redisCarrier(config, config.redisUrl, registry, clock)
  const countReplayed = redis?.countReplayed ?? (async () => recorder.spool.replayed(1))
  const worker: WorkerAssembly | undefined =
    role === 'start'
      ? await assembleWorker(
          config,
          registry,
          log,
          clock,
          countReplayed,
          redis?.media ?? (recorder.media && mediaFromSpool(recorder.media)),
        )
      : undefined
  const carrier = carrierOf(recorder, worker, redis)
  const readCounts = lostCallsCounted(recorder, () =>
    withDeadline(relayAnswerMs, () => relay.counts()).catch(() => undefined),
  )
  registerRelayMetrics(registry, config, readCounts)
  const adminPort = createAdminPort(
    {
      registry,
      alive: () => withDeadline(relayAliveMs, () => relay.counts()).then(Boolean),
      checks: { data_port: relay.listening },
      ledger: async () => {
        await readCounts()
        // Calls that ended before somebody asked are accepted, not on their way.
        recorder.tape.drain()
        return carrier.ledger()
      },
      ...omitUndefined({ dead: worker?.dead, calls: worker?.calls }),
    },
    config,
    log,
  )
  return {
    recorder,
    adminPort,
    // Stopped in reverse: the tape is read to its end first, then the records' carrier, the spool last.
    parts: [
      recorder.parts.spool,
      ...(worker?.parts ?? []),
      adminPort,
      ...carrier.parts,
      ...recorder.parts.recording,
    ],
  }
}

/** Where the worker is in this process its settings say whether anybody uploads media; elsewhere the worker decides. */
function keepsMedia(config: Config, role: RecordingRole): boolean {
  const { langfuseEnabled, langfusePublicKey } = config
  const isUploaded = role === 'proxy' || (langfuseEnabled && langfusePublicKey !== undefined)
  return isUploaded && mayKeepMedia(config)
}

function mediaFromSpool({ read, release }: MediaSpool): MediaSource {
  return {
    read,
    stored: () => undefined,
    settled: (records) => release(records.flatMap(({ media = [] }) => media.map(({ sha256 }) => sha256))),
  }
}

function carrierOf(
  recorder: RecorderAssembly,
  worker: WorkerAssembly | undefined,
  redis: RedisCarrier | undefined,
): CarrierAssembly {
  if (redis === undefined) return embeddedCarrier(recorder, worker as WorkerAssembly)
  const published = redis.fromProxy(recorder)
  if (worker === undefined) return published
  // Shows the proxy's ledger, which covers records until they settle.
  return { ledger: published.ledger, parts: [...redis.toWorker(worker).parts, ...published.parts] }
}

function embeddedCarrier(
  { spool, outbox }: RecorderAssembly,
  { consume, onUnreadable, events }: WorkerAssembly,
): CarrierAssembly {
  const intake = spoolIntake(spool, { packsAtOnce, onUnreadable, events })
  return { ledger: embeddedLedger(spool, outbox), parts: [intakePart(intake, consume)] }
}

/** Counts calls that found no room on the tape as dropped records, whenever the relay's counts are read. */
function lostCallsCounted(
  { spool }: RecorderAssembly,
  read: () => Promise<RelayCounts | undefined>,
): () => Promise<RelayCounts | undefined> {
  let counted = 0
  return async () => {
    const counts = await read()
    if (counts !== undefined && counts.lostCalls > counted) {
      spool.reject(counts.lostCalls - counted, 'recorder_full')
      counted = counts.lostCalls
    }
    return counts
  }
}
