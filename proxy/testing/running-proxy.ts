import { EventEmitter, once } from 'node:events'
import { Registry } from 'prom-client'
import { loadConfig } from '../../shared/config/load.ts'
import { createLifecycle } from '../../shared/lifecycle.ts'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import type { KnownContexts } from '../attribution/store/known-contexts.ts'
import { createRecorderEvents } from '../recorder/recorder-events.ts'
import { assembleRecording } from '../recorder/recording-assembly.ts'
import { registerRelayMetrics } from '../recorder/relay-metrics.ts'
import { registerReportingMetrics } from '../recorder/reporting-metrics.ts'
import { assembleRelay } from '../relay-assembly.ts'
import { createStitching } from '../stitching/stitching.ts'
import { newStitchingKey } from '../stitching/stitching-key.ts'
import type { Kept } from '../tape/kept.ts'
import { createRingMemory } from '../tape/ring.ts'
import { tapeBytes } from '../tape/tape-size.ts'
import type { KnownReporting } from '../usage-reporting/known-reporting.ts'

export type RunningProxy = {
  /** For clients: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string
  readonly origin: string
  readonly registry: Registry
  readonly records: InferenceRecord[]
  /** Bytes of media that were kept, by their hash. */
  readonly media: ReadonlyMap<string, Buffer>
  /** Resolves with the record of this number, counted from 1, once it was made. */
  record(count: number): Promise<InferenceRecord>
  /** Keeps less of calls, as while the process is overloaded. */
  keep(kept: Kept): void
  stop(deadlineMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Tests wait for records. */
const pollMs = 1

/**
 * Relay and recorder in one thread, on a free port; records are collected here instead of in the outbox.
 * @param tapeSize bytes of the tape, a power of two
 */
export async function startProxy(
  env: Readonly<Record<string, string>>,
  tapeSize = tapeBytes(),
): Promise<RunningProxy> {
  // The first stream of a test is asked for its usage like every other one, unless it is about what is learned; and a busy
  // machine must not decide what is recorded. The spool is not here, and so no journal.
  const config = loadConfig({
    PORT: '0',
    INJECT_USAGE: 'always',
    SHED_LOAD: 'off',
    CRASH_JOURNAL: 'off',
    ...env,
  })
  const registry = new Registry()
  const records: InferenceRecord[] = []
  const arrivals = new EventEmitter()
  const media = new Map<string, Buffer>()
  const log = createLogger('silent', 'proxy')
  const memory = createRingMemory(tapeSize)
  const events = createRecorderEvents(registry, log)
  const capture = { content: config.captureContent, maxBytes: config.captureMaxBytes }
  const recording = assembleRecording(
    config,
    systemClock,
    memory,
    {
      events,
      accept(record) {
        records.push(record)
        recording.settle(1)
        arrivals.emit('record')
      },
      media: {
        keep: (sha256, bytes) => media.set(sha256, bytes).has(sha256),
        release(hashes) {
          for (const sha256 of hashes) media.delete(sha256)
        },
      },
      ...(config.stitch && {
        stitching: createStitching({ key: newStitchingKey(), capture, clock: systemClock, events }),
      }),
      onContextFound: (...found: Parameters<KnownContexts['set']>) => relay.known.set(...found),
      onUsageReported: (...reported: Parameters<KnownReporting['set']>) => relay.reporting.set(...reported),
      ...(env.DATA_DIR !== undefined && { dataDir: env.DATA_DIR }),
    },
    pollMs,
  )
  const relay = assembleRelay(config, systemClock, log, {
    tape: { memory, journal: 'none' },
    wake: recording.tape.wake,
    contexts: recording.contexts,
  })
  registerRelayMetrics(registry, config, async () => relay.counts())
  registerReportingMetrics(registry, recording.reporting)
  const lifecycle = createLifecycle([...recording.parts, ...relay.parts], (_part, cause) => {
    throw cause
  })
  await lifecycle.start()
  return {
    origin: relay.dataPort.url(),
    baseUrl: `${relay.dataPort.url()}/v1`,
    registry,
    records,
    media,
    async record(count) {
      while (records.length < count) await once(arrivals, 'record')
      return records[count - 1] as InferenceRecord
    },
    keep: relay.keep,
    async stop(deadlineMs = 0) {
      await lifecycle.stop(deadlineMs)
    },
    async [Symbol.asyncDispose]() {
      await lifecycle.stop(0)
    },
  }
}
