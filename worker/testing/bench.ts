import { Registry } from 'prom-client'
import { createLogger } from '../../shared/logger.ts'
import type { Consume } from '../../shared/queue/carrier.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { createDeadLetterFolder, type DeadLetters } from '../dead-letters/dead-letter-folder.ts'
import { createWorkerEvents, type WorkerEvents } from '../events.ts'
import { type GateTimes, gateTimes } from '../gate.ts'
import { createPipeline, type PipelineParts } from '../pipeline.ts'
import type { ValueChange } from '../sinks/langfuse/data-model/accepted-values.ts'
import type { LangfuseSettings } from '../sinks/langfuse/data-model/trace.ts'
import type { Protocol } from '../sinks/langfuse/server-version.ts'
import { langfuseSink } from '../sinks/langfuse/sink.ts'
import type { Sink } from '../sinks/sink.ts'

/** A whole pipeline whose waits are short, with everything that it says. */
export type Bench = {
  readonly consume: Consume
  readonly deadLetters: DeadLetters
  readonly events: WorkerEvents
  /** Log lines so far. */
  lines(): readonly { readonly level: string; readonly msg: string; readonly [key: string]: unknown }[]
  metrics(): Promise<string>
}

export const quickGate: GateTimes = { ...gateTimes, firstPauseMs: 5, longestPauseMs: 20, heldProbeMs: 10 }

const quickConfig: PipelineParts['config'] = {
  langfuseFlushAt: 20,
  langfuseFlushIntervalMs: 5,
  langfuseTimeoutMs: 5_000,
  langfuseMaxRetries: 2,
  langfuseRetryDelayMs: 1,
  langfuseSampleRate: 1,
}

export function createBench(
  folder: string,
  sinks: readonly Sink[],
  config: Partial<PipelineParts['config']> = {},
): Bench {
  const written: string[] = []
  const registry = new Registry()
  const logger = createLogger('info', 'worker', { write: (line) => void written.push(line) })
  const events = createWorkerEvents(registry, logger)
  const deadLetters = createDeadLetterFolder(folder, systemClock)
  const consume = createPipeline({
    sinks,
    countTokens: async (lists) => lists.map((pieces) => pieces.join(' ').split(' ').length),
    deadLetters,
    events,
    clock: systemClock,
    config: { ...quickConfig, ...config },
    gateTimes: quickGate,
  })
  return {
    consume,
    deadLetters,
    events,
    lines: () => written.map((line) => JSON.parse(line)),
    metrics: () => registry.metrics(),
  }
}

export function sinkTo(
  { baseUrl, keys }: FakeLangfuse,
  settings: Partial<LangfuseSettings> = {},
  protocol: Protocol | 'auto' = 'auto',
  changed: (change: ValueChange) => void = () => undefined,
): Sink {
  return langfuseSink(
    { baseUrl, ...keys, clock: systemClock, settings: { spans: true, environment: 'test', ...settings } },
    protocol,
    changed,
  )
}

export function aPack(...records: readonly InferenceRecord[]) {
  return { id: 'p-test-1', origin: 'test', records }
}
