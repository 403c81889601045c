import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { CallStore } from '../shared/admin/call-store.ts'
import type { DeadLetters } from '../shared/admin/dead-letters.ts'
import { noDestination } from '../shared/config/destinations.ts'
import { type Config, InvalidSettings } from '../shared/config/load.ts'
import type { Degradations } from '../shared/degradation/degradations.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Logger } from '../shared/logger.ts'
import { createCostOf } from '../shared/pricing/cost-of.ts'
import type { Consume, Intake } from '../shared/queue/carrier.ts'
import type { MediaSource } from '../shared/queue/media-source.ts'
import { originOf } from '../shared/queue/pack-id.ts'
import type { OnUnreadable } from '../shared/queue/settlement.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { Note } from '../shared/timing/loop-watch.ts'
import { remoteSinks } from './configured-sinks.ts'
import { deadLetterAdmin } from './dead-letters/dead-letter-admin.ts'
import { createDeadLetterFolder, deadLetterLimits } from './dead-letters/dead-letter-folder.ts'
import { replayDeadLetter } from './dead-letters/replay.ts'
import { createWorkerEvents, type WorkerEvents } from './events.ts'
import { createOnlyStore, type OnlyStore } from './local-store/only-store.ts'
import { createRecentCalls, type RecentCalls } from './local-store/recent-calls.ts'
import { type LocalStore, openLocalStore } from './local-store/store.ts'
import { withOldest } from './oldest-record.ts'
import { createPipeline, type PipelineParts } from './pipeline.ts'
import { localStoreSink } from './sinks/local-store.ts'
import { createTokenCounter } from './usage/token-counter.ts'
import { registerWorkerReadings } from './worker-readings.ts'

export type WorkerAssembly = {
  readonly consume: Consume
  readonly onUnreadable: OnUnreadable
  readonly events: WorkerEvents
  readonly dead: DeadLetters
  /** Absent with LOCAL_STORE=off. */
  readonly calls?: CallStore
  /** Present where calls are kept beside the sinks. */
  readonly recentCalls?: RecentCalls
  readonly parts: readonly Part[]
}

/** Of the process that the worker is in. */
export type WorkerSurroundings = {
  readonly config: Config
  readonly registry: Registry
  readonly log: Logger
  readonly clock: Clock
  readonly degradations: Degradations
  /** Takes what is about to run on this thread's loop. */
  readonly note: Note
  /** Called with what became of a record; neither throws nor waits. */
  readonly noteDelivery?: PipelineParts['noteDelivery']
}

/**
 * Assembles the worker, without a carrier.
 * @param onReplayed called with the origin of each dead letter that a replay delivered
 * @param media where the bytes of media come from, if from anywhere
 * @throws InvalidSettings where records would go nowhere
 */
export function assembleWorker(
  { config, registry, log, clock, degradations, note, noteDelivery }: WorkerSurroundings,
  onReplayed: (origin: string) => Promise<void>,
  media?: MediaSource,
): WorkerAssembly {
  const events = createWorkerEvents(registry, log, {
    note,
    degradations,
    costOf: createCostOf(config.ownPrices),
  })
  const deadLetters = createDeadLetterFolder(join(config.dataDir, 'dead'), clock, deadLetterLimits, events)
  const remote = remoteSinks(config, clock, events, media)
  const problem = noDestination(config)
  if (problem !== undefined) throw new InvalidSettings([problem])
  const store = remote.length === 0 ? onlyStoreOf(config, events) : undefined
  const recentCalls = remote.length > 0 && config.localStore ? recentCallsOf(config, events) : undefined
  const keptCalls = store ?? recentCalls
  const sinks = store === undefined ? remote : [{ name: 'local', send: localStoreSink(store) }]
  events.sinksConfigured(sinks.map(({ name }) => name))
  const tokenCounter = createTokenCounter(new URL('./usage/thread.js', import.meta.url))
  const pipeline = createPipeline({
    countTokens: tokenCounter.count,
    sinks,
    deadLetters,
    events,
    clock,
    config: store === undefined ? config : { ...config, ...localFlush(config) },
    ...(media !== undefined && { media }),
    ...(recentCalls && { copies: recentCalls }),
    ...(noteDelivery && { noteDelivery }),
  })
  const { consume, oldestAt } = withOldest(pipeline)
  registerWorkerReadings(registry, clock, { oldestAt, countDeadLetters: deadLetters.count })
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
      const outcome = await replayDeadLetter(id, deadLetters, consume, onReplayed, stopping.signal)
      return outcome === 'delivered'
    }),
    ...(keptCalls && { calls: keptCalls.calls }),
    ...(recentCalls && { recentCalls }),
    parts: [
      ...(keptCalls === undefined ? [] : [keptCalls]),
      tokenCounter,
      ...sinks.flatMap(({ part }) => (part === undefined ? [] : [part])),
      { name: 'replays', stop: () => stopping.abort() },
    ],
  }
}

/**
 * Batches for the local store are closed early, because somebody may be watching and small writes are cheap. But
 * each write is synced, so that a full pack is written as one batch.
 */
const localFlush = ({ langfuseFlushAt, langfuseFlushIntervalMs }: Config) => ({
  langfuseFlushAt: Math.max(langfuseFlushAt, fullPack),
  langfuseFlushIntervalMs: Math.min(langfuseFlushIntervalMs, 500),
})

/** The most records that the proxy puts into one pack. */
const fullPack = 50

function openStore(config: Config, events: WorkerEvents, isOnlyPlace: boolean): Promise<LocalStore> {
  const { dataDir, storeMaxCalls: maxCalls, storeMaxBytes: maxBytes, ownPrices } = config
  const dir = join(dataDir, 'store')
  const { localStoreRepaired: onRepair } = events
  return openLocalStore({ dir, maxCalls, maxBytes, costOf: createCostOf(ownPrices), isOnlyPlace, onRepair })
}

const onlyStoreOf = (config: Config, events: WorkerEvents): OnlyStore =>
  createOnlyStore({
    open: () => openStore(config, events, true),
    events: { ...events, localStoreFailed: events.onlyStoreFailed },
    dataDir: config.dataDir,
  })

const recentCallsOf = (config: Config, events: WorkerEvents): RecentCalls =>
  createRecentCalls({
    open: () => openStore(config, events, false),
    events: { ...events, localStoreFailed: events.copyStoreFailed },
  })

/** Packs in flight in a worker; each is at most 256 KB. */
export const packsAtOnce = 20

/** How long a stopping process waits for the sinks; records that are not delivered by then stay in the queue. */
const drainMs = 5_000

/** The carrier, as a part that feeds the pipeline. */
export function intakePart(intake: Intake, consume: Consume): Part {
  return {
    name: 'intake',
    start: () => intake.start(consume),
    stop: (deadline) => intake.stop(AbortSignal.any([deadline, AbortSignal.timeout(drainMs)])),
  }
}
