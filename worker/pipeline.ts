import type { CallDelivery } from '../shared/admin/call-store.ts'
import type { Config } from '../shared/config/load.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import type { Consume } from '../shared/queue/carrier.ts'
import type { MediaSource } from '../shared/queue/media-source.ts'
import type { Pack } from '../shared/record/codec.ts'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { Backoff } from '../shared/timing/backoff.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { DeadLetterFolder } from './dead-letters/dead-letter-folder.ts'
import { createBatcher } from './delivery/batcher.ts'
import { createConcurrency } from './delivery/concurrency.ts'
import { createDelivery } from './delivery/delivery.ts'
import { createGate } from './delivery/gate.ts'
import { type GateTimes, gateTimes } from './delivery/gate-times.ts'
import type { PendingRecord } from './delivery/pending-record.ts'
import { deliveryOf, type RecordOutcome, settlementOf } from './delivery/record-outcome.ts'
import type { WorkerEvents } from './events.ts'
import type { RecentCalls } from './local-store/recent-calls.ts'
import { isSampled } from './sampling.ts'
import { fanOut } from './sinks/fan-out.ts'
import type { Send, Sink } from './sinks/sink.ts'
import { withBisect } from './stages/bisect.ts'
import { withCounting } from './stages/counting.ts'
import { withEstimates } from './stages/estimating.ts'
import { createGrowingTimeout } from './stages/growing-timeout.ts'
import { withPreparation } from './stages/preparing.ts'
import { withRetries } from './stages/retries.ts'
import { withSuperseding } from './stages/superseding.ts'
import { withTimeout } from './stages/timeout.ts'
import { createToolCallMemory, withToolCalls } from './stages/tool-calls.ts'
import type { CountTokens } from './usage/estimate.ts'

export type PipelineParts = {
  readonly sinks: readonly Sink[]
  readonly countTokens: CountTokens
  readonly deadLetters: DeadLetterFolder
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
  readonly folderBackoff?: Backoff
  /** Where media are released once their records are settled. */
  readonly media?: Pick<MediaSource, 'settled'>
  /** Keeps copies beside the sinks. */
  readonly copies?: Copies
  /** Called with what became of each record. */
  readonly noteDelivery?: Copies['noteDelivery']
}

export type Copies = Pick<RecentCalls, 'keep' | 'noteDelivery'>

/** Below every known limit: 4.5 MiB per ingestion request, and escaping makes text longer on the wire. */
const maxBatchBytes = 3_000_000

/**
 * The pipe: take -> sample -> batch -> gate -> estimate -> send -> settle.
 *
 * A pack's promise resolves when each of its records has its outcome, or when its signal aborts: then what is
 * not settled is returned as remaining, and requests in flight for no other pack are aborted.
 */
export function createPipeline(parts: PipelineParts): Consume {
  const { deadLetters, events, clock, config, copies } = parts
  const noteDelivery = (record: InferenceRecord, delivery: CallDelivery): void => {
    copies?.noteDelivery(record, delivery)
    parts.noteDelivery?.(record, delivery)
  }
  const batcher = createBatcher<PendingRecord>({
    records: config.langfuseFlushAt,
    ageMs: config.langfuseFlushIntervalMs,
    bytes: maxBatchBytes,
  })
  const gate = createGate(clock, events, parts.gateTimes ?? gateTimes)
  const toolCalls = createToolCallMemory()
  const concurrency = createConcurrency({
    clock,
    slowMs: config.langfuseTimeoutMs / 2,
    onChange: events.concurrencyChanged,
  })
  const send = withToolCalls(toolCalls, sendOf(parts, concurrency.answered))
  const deliver = createDelivery({
    batcher,
    gate,
    send,
    concurrency,
    deadLetters,
    events,
    clock,
    ...omitUndefined({ folderBackoff: parts.folderBackoff }),
  })

  return async (pack, signal) => {
    const { records, origin } = pack
    copies?.keep(records)
    // Packs come in order; batches may overtake each other.
    for (const record of records) toolCalls.remember(record)
    const sampled = records.filter(({ trace }) => isSampled(trace.traceId, config.langfuseSampleRate))
    const outcomes = await deliver(sampled, origin, recordBytesOf(pack), signal)
    const settlement = settlementOf(records, (record) => {
      const outcome = outcomes.get(record) ?? sampledOut(events)
      if (outcome.kind !== 'remaining') noteDelivery(record, deliveryOf(outcome, clock.now()))
      return outcome
    })
    const remaining = new Set(settlement.remaining)
    parts.media?.settled(records.filter((record) => !remaining.has(record)))
    return settlement
  }
}

/**
 * The mean of the pack. A pack is at most 256 KB or holds one record, so that a batch of 3 MB errs by less than it is
 * below the limits of servers; to serialise each record again would cost more than all the rest of the pipeline.
 */
const recordBytesOf = ({ records, bytes = Buffer.byteLength(JSON.stringify(records)) }: Pack): number =>
  Math.ceil(bytes / Math.max(records.length, 1))

/**
 * The stages of one attempt, from the outermost to the sinks.
 * @param onAnswer called with the ms that each answer of a sink took
 */
function sendOf(
  { sinks, countTokens, events, clock, config, copies }: PipelineParts,
  onAnswer: (afterMs: number) => void,
): Send {
  const { langfuseMaxRetries: maxRetries, langfuseRetryDelayMs: delayMs, langfuseTimeoutMs } = config
  const wrapped = sinks.map(({ name, send, prepare }) => ({
    name,
    send: withPreparation(
      prepare,
      withBisect(
        withCounting(
          name,
          events,
          clock,
          withTimeout(createGrowingTimeout(langfuseTimeoutMs, onAnswer), clock, send),
        ),
      ),
    ),
  }))
  const send = withRetries({ maxRetries, delayMs }, fanOut(wrapped))
  const counted = withEstimates(countTokens, events, copies === undefined ? send : withCopies(copies, send))
  return withSuperseding(counted)
}

/** Keeps records again whose usage is known only now. */
function withCopies({ keep }: Copies, send: Send): Send {
  return (batch, signal) => {
    keep(batch.filter(({ usage }) => usage.provenance === 'estimated'))
    return send(batch, signal)
  }
}

function sampledOut(events: WorkerEvents): RecordOutcome {
  events.recordDropped('sampled_out')
  return { kind: 'dropped', reason: 'sampled_out' }
}
