import type { Registry } from 'prom-client'
import type { MediaSpool } from '../../proxy/media/media-spool.ts'
import type { PublisherOptions } from '../../proxy/outbox/publisher.ts'
import { createPublisher } from '../../proxy/outbox/publisher.ts'
import type { RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import { proxyLedger } from '../../proxy/spool/read-ledger.ts'
import type { Config } from '../../shared/config/load.ts'
import type { ReadLedger } from '../../shared/ledger/ledger.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { MediaSource } from '../../shared/queue/media-source.ts'
import { reportReplayed } from '../../shared/queue/outcomes.ts'
import { readQueueDepth } from '../../shared/queue/queue-depth.ts'
import { queryConnection } from '../../shared/queue/redis.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { intakePart, packsAtOnce, type WorkerAssembly } from '../../worker/assembly.ts'
import { bullmqIntake } from '../../worker/intake/bullmq-intake.ts'
import { mediaFromRedis } from '../../worker/intake/media-from-redis.ts'
import { workerLedger } from '../../worker/intake/worker-ledger.ts'
import { registerQueueMetrics } from './queue-metrics.ts'

/** One end of a carrier: its parts, and its ledger. */
export type CarrierAssembly = { readonly ledger: ReadLedger; readonly parts: readonly Part[] }

export type RedisCarrier = {
  /** Publishes the proxy's spool to Redis. */
  fromProxy(proxy: RecorderAssembly): CarrierAssembly
  /** The media that travel beside the packs. */
  readonly media: MediaSource
  /** Consumes packs from Redis in the worker. */
  toWorker(worker: WorkerAssembly): CarrierAssembly
  /** Counts a replayed dead letter as delivered, in the ledger of the proxy it came from. */
  countReplayed(origin: string): Promise<void>
}

/** Carries records from proxies to workers through Redis. */
export function redisCarrier(
  config: Config,
  redisUrl: string,
  registry: Registry,
  clock: Clock,
): RedisCarrier {
  const names = { queueName: config.queueName, prefix: config.queuePrefix }
  // Only for reporting replays and the queue's depth; the publisher and the intake have their own connections.
  const redis = queryConnection(redisUrl)
  redis.on('error', () => undefined)
  registerQueueMetrics(registry, clock, () => readQueueDepth(redis, names))
  const connection: Part = { name: 'connection for replays and queries', stop: () => redis.disconnect() }

  return {
    fromProxy({ spool, outbox, events, media }) {
      const publisher = createPublisher({
        ...names,
        spool,
        redisUrl,
        maxPacks: config.queueMaxPacks,
        events,
        ...(media && { media: mediaOf(media, config, events) }),
      })
      return { ledger: proxyLedger(spool, outbox, publisher.readOutcomes), parts: [connection, publisher] }
    },

    toWorker({ consume, onUnreadable, events }) {
      const ledger = workerLedger()
      const onUnreadablePack = ledger.countUnreadable(onUnreadable)
      const intake = bullmqIntake({ ...names, redisUrl, packsAtOnce, onUnreadable: onUnreadablePack, events })
      return { ledger: ledger.read, parts: [connection, intakePart(intake, ledger.countConsumed(consume))] }
    },

    media: mediaFromRedis(redis, names),

    countReplayed: (origin) => reportReplayed(redis, names, origin),
  }
}

function mediaOf(
  spool: MediaSpool,
  { queueMediaMaxBytes: maxBytes }: Config,
  { mediumCaptured: onOutcome }: RecorderAssembly['events'],
): NonNullable<PublisherOptions['media']> {
  return { spool, maxBytes, onOutcome }
}
