import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { CallStore } from '../shared/admin/call-store.ts'
import type { DeadLetters } from '../shared/admin/dead-letters.ts'
import type { Config } from '../shared/config/load.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Logger } from '../shared/logger.ts'
import type { Consume, Intake } from '../shared/queue/carrier.ts'
import { originOf } from '../shared/queue/pack-id.ts'
import type { OnUnreadable } from '../shared/queue/settlement.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { remoteSinks } from './configured-sinks.ts'
import { deadLetterAdmin } from './dead-letters/dead-letter-admin.ts'
import { createDeadLetterFolder } from './dead-letters/dead-letter-folder.ts'
import { replayDeadLetter } from './dead-letters/replay.ts'
import { createWorkerEvents, type WorkerEvents } from './events.ts'
import { type LocalStore, openLocalStore } from './local-store/store.ts'
import { createPipeline } from './pipeline.ts'
import { localStoreSink } from './sinks/local-store.ts'
import { createTokenCounter } from './usage/token-counter.ts'

export type WorkerAssembly = {
  readonly consume: Consume
  readonly onUnreadable: OnUnreadable
  readonly events: WorkerEvents
  readonly dead: DeadLetters
  /** WithoutUndefined where records go to the local store. */
  readonly calls?: CallStore
  readonly parts: readonly Part[]
}

/**
 * Puts the worker together; what hands it packs is the caller's choice.
 * @param replayed told the origin of each dead letter that was delivered after all
 */
export async function assembleWorker(
  config: Config,
  registry: Registry,
  log: Logger,
  clock: Clock,
  replayed: (origin: string) => Promise<void>,
): Promise<WorkerAssembly> {
  const events = createWorkerEvents(registry, log)
  const deadLetters = createDeadLetterFolder(join(config.dataDir, 'dead'), clock)
  const remote = remoteSinks(config, clock, events)
  const store = remote.length === 0 ? await openStore(config) : undefined
  const tokenCounter = createTokenCounter(new URL('./usage/thread.js', import.meta.url))
  const consume = createPipeline({
    countTokens: tokenCounter.count,
    sinks: store === undefined ? remote : [{ name: 'local', send: localStoreSink(store) }],
    deadLetters,
    events,
    clock,
    config: store === undefined ? config : { ...config, ...localFlush(config) },
  })
  const stopping = new AbortController()

  return {
    consume,
    events,
    onUnreadable: async ({ id, text }, cause) => {
      const kept = await deadLetters.keepUnreadable(text, originOf(id) ?? '', cause.message)
      events.packUnreadable(id, cause.message, kept)
      return kept
    },
    dead: deadLetterAdmin(deadLetters, async (id) => {
      const outcome = await replayDeadLetter(id, deadLetters, consume, replayed, stopping.signal)
      return outcome === 'delivered'
    }),
    ...(store !== undefined && { calls: store }),
    parts: [
      { name: 'local store', stop: () => store?.close() },
      tokenCounter,
      { name: 'replays', stop: () => stopping.abort() },
    ],
  }
}

/**
 * A remote sink is spared many small requests; the disk beside us is not, and a newcomer is waiting. It is spared
 * synced writes instead: what comes as one full pack is written as one batch.
 */
const localFlush = ({ langfuseFlushAt, langfuseFlushIntervalMs }: Config) => ({
  langfuseFlushAt: Math.max(langfuseFlushAt, fullPack),
  langfuseFlushIntervalMs: Math.min(langfuseFlushIntervalMs, 500),
})

/** Records that the proxy puts into one pack at most. */
const fullPack = 50

function openStore({ dataDir, storeMaxCalls }: Config): Promise<LocalStore> {
  return openLocalStore({ dir: join(dataDir, 'store'), maxCalls: storeMaxCalls })
}

/** Packs in a worker's hands at once; each is at most 256 KB. */
export const packsAtOnce = 20

/** What a stopping process waits for a sink at most: what is not delivered by then stays in the queue. */
const lastDeliveryMs = 5_000

/** The carrier's hand-over to the pipeline, as a part. */
export function intakePart(intake: Intake, consume: Consume): Part {
  return {
    name: 'intake',
    start: () => intake.start(consume),
    stop: (deadline) => intake.stop(AbortSignal.any([deadline, AbortSignal.timeout(lastDeliveryMs)])),
  }
}
