import { Registry } from 'prom-client'
import { createLogger } from '../../shared/logger.ts'
import type { Consume } from '../../shared/queue/carrier.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createDeadLetterFolder, type DeadLetterFolder } from '../dead-letters/dead-letter-folder.ts'
import type { FolderLimits } from '../dead-letters/folder-size.ts'
import { type GateTimes, gateTimes } from '../delivery/gate-times.ts'
import { createWorkerEvents, type WorkerEvents } from '../events.ts'
import { type Copies, createPipeline, type PipelineParts } from '../pipeline.ts'
import type { ValueChange } from '../sinks/langfuse/data-model/accepted-values.ts'
import type { LangfuseSettings } from '../sinks/langfuse/data-model/trace.ts'
import type { LangfuseMedia } from '../sinks/langfuse/media/media-preparation.ts'
import type { Protocol } from '../sinks/langfuse/server-version.ts'
import { langfuseSink } from '../sinks/langfuse/sink.ts'
import type { Sink } from '../sinks/sink.ts'

/** A whole pipeline with short waits, and its log lines and metrics. */
export type TestPipeline = {
  readonly consume: Consume
  readonly deadLetters: DeadLetterFolder
  readonly events: WorkerEvents
  lines(): readonly { readonly level: string; readonly msg: string; readonly [key: string]: unknown }[]
  metrics(): Promise<string>
}

const quickGate: GateTimes = { ...gateTimes, firstPauseMs: 5, maxPauseMs: 20, heldProbeMs: 10 }

const quickConfig: PipelineParts['config'] = {
  langfuseFlushAt: 20,
  langfuseFlushIntervalMs: 5,
  langfuseTimeoutMs: 5_000,
  langfuseMaxRetries: 2,
  langfuseRetryDelayMs: 1,
  langfuseSampleRate: 1,
}

export function createTestPipeline(
  folder: string,
  sinks: readonly Sink[],
  config: Partial<PipelineParts['config']> = {},
  copies?: Copies,
  limits?: FolderLimits,
): TestPipeline {
  const written: string[] = []
  const registry = new Registry()
  const logger = createLogger('info', 'worker', { write: (line) => void written.push(line) })
  const events = createWorkerEvents(registry, logger)
  const deadLetters = createDeadLetterFolder(folder, systemClock, limits, events)
  const consume = createPipeline({
    sinks,
    countTokens: async (lists) => lists.map((texts) => texts.join(' ').split(' ').length),
    deadLetters,
    events,
    clock: systemClock,
    config: { ...quickConfig, ...config },
    gateTimes: quickGate,
    folderBackoff: { baseMs: 5, maxMs: 5 },
    ...(copies && { copies }),
  })
  return {
    consume,
    deadLetters,
    events,
    lines: () => written.map((line) => JSON.parse(line)),
    metrics: () => registry.metrics(),
  }
}

export function langfuseSinkTo(
  { baseUrl, keys }: FakeLangfuse,
  settings: Partial<LangfuseSettings> = {},
  protocol: Protocol | 'auto' = 'auto',
  onChange: (change: ValueChange) => void = () => undefined,
  media?: LangfuseMedia,
): Sink {
  return langfuseSink(
    {
      baseUrl,
      ...keys,
      clock: systemClock,
      settings: {
        spans: true,
        fillCallerTraces: true,
        callerFields: new Set(['environment', 'prompt', 'version', 'release'] as const),
        maxCharacters: 60_000,
        environment: 'test',
        ...settings,
      },
    },
    protocol,
    onChange,
    media,
  )
}

export function aPack(...records: readonly InferenceRecord[]) {
  return { id: 'p-test-1', origin: 'test', records }
}
