import type { Config } from '../shared/config/load.ts'
import type { Consume } from '../shared/queue/carrier.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { createBatcher } from './batcher.ts'
import type { DeadLetters } from './dead-letters/dead-letter-folder.ts'
import { createDelivery, type Item } from './delivery.ts'
import type { WorkerEvents } from './events.ts'
import { type Fate, settlementOf } from './fate.ts'
import { createGate, type GateTimes, gateTimes } from './gate.ts'
import { isSampled } from './sampling.ts'
import { fanOut } from './sinks/fan-out.ts'
import type { Sink } from './sinks/sink.ts'
import { withBisect } from './stages/bisect.ts'
import { withCounting } from './stages/counting.ts'
import { withEstimates } from './stages/estimating.ts'
import { withRetries } from './stages/retries.ts'
import { withTimeout } from './stages/timeout.ts'
import type { CountTokens } from './usage/estimate.ts'

export type PipelineParts = {
  readonly sinks: readonly Sink[]
  readonly countTokens: CountTokens
  readonly deadLetters: DeadLetters
  readonly events: WorkerEvents
  readonly clock: Clock
  readonly config: Pick<
    Config,
    | 'langfuseFlushAt'
    | 'langfuseFlushIntervalMs'
    | 'langfuseTimeoutMs'
    | 'langfuseMaxRetries'
    | 'langfuseRetryDelayMs'
    | 'langfuseSampleRate'
  >
  readonly gateTimes?: GateTimes
}

/** Below every limit seen: 4.5 MiB per ingestion request, and escaping makes text longer on the way. */
const batchBytes = 3_000_000

/**
 * The pipe: take -> sample -> batch -> gate -> estimate -> send -> settle.
 *
 * A pack's promise resolves when each of its records has met its fate, or when its signal aborts: then what
 * is not settled goes back as remaining, and requests under way for nobody else are ended.
 */
export function createPipeline({
  sinks,
  countTokens,
  deadLetters,
  events,
  clock,
  config,
  ...parts
}: PipelineParts): Consume {
  const toSinks = fanOut(
    sinks.map((sink) => ({
      name: sink.name,
      send: withBisect(
        withCounting(sink.name, events, clock, withTimeout(config.langfuseTimeoutMs, sink.send)),
      ),
    })),
  )
  const retries = { maxRetries: config.langfuseMaxRetries, delayMs: config.langfuseRetryDelayMs }
  const send = withEstimates(countTokens, events, withRetries(retries, toSinks))
  const batcher = createBatcher<Item>({
    records: config.langfuseFlushAt,
    ageMs: config.langfuseFlushIntervalMs,
    bytes: batchBytes,
  })
  const gate = createGate(clock, events, parts.gateTimes ?? gateTimes)
  const deliver = createDelivery({ batcher, gate, send, deadLetters, events, clock })

  return async ({ records, origin }, signal) => {
    const wanted = records.filter(({ trace }) => isSampled(trace.traceId, config.langfuseSampleRate))
    const fates = await deliver(wanted, origin, signal)
    return settlementOf(records, (record) => fates.get(record) ?? sampledOut(events))
  }
}

function sampledOut(events: WorkerEvents): Fate {
  events.recordDropped('sampled_out')
  return { kind: 'dropped', reason: 'sampled_out' }
}
