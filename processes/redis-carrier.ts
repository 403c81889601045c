import type { ProxyAssembly } from '../proxy/assembly.ts'
import { createPublisher } from '../proxy/outbox/publisher.ts'
import { proxyLedger } from '../proxy/spool/read-ledger.ts'
import type { Config } from '../shared/config/load.ts'
import type { ReadLedger } from '../shared/ledger/ledger.ts'
import type { Part } from '../shared/lifecycle.ts'
import { queryConnection } from '../shared/queue/redis.ts'
import { countReplayed } from '../shared/queue/settled-counts.ts'
import { intakePart, packsAtOnce, type WorkerAssembly } from '../worker/assembly.ts'
import { bullmqIntake } from '../worker/intake/bullmq-intake.ts'
import { workerLedger } from '../worker/intake/worker-ledger.ts'

/** One side of the queue in Redis: its parts, and how it reads the ledger. */
export type CarrierAssembly = { readonly ledger: ReadLedger; readonly parts: readonly Part[] }

export type Queue = {
  /** From the proxy's spool into Redis. */
  fromProxy(proxy: ProxyAssembly): CarrierAssembly
  /** From Redis into the worker's hands. */
  toWorker(worker: WorkerAssembly): CarrierAssembly
  /** A dead letter was delivered after all: told to the ledger of the proxy that it came from. */
  replayed(origin: string): Promise<void>
}

/** The way of the records through Redis. */
export function redisCarrier(config: Config, redisUrl: string): Queue {
  const names = { queueName: config.queueName, prefix: config.queuePrefix }
  // For questions about the ledger; the publisher and the intake have connections of their own.
  const redis = queryConnection(redisUrl)
  redis.on('error', () => undefined)
  const connection: Part = { name: 'ledger connection', stop: () => redis.disconnect() }

  return {
    fromProxy: ({ spool, outbox, events }) => ({
      ledger: proxyLedger(spool, outbox, redis, names),
      parts: [
        connection,
        createPublisher({ ...names, spool, redisUrl, maxPacks: config.queueMaxPacks, events }),
      ],
    }),

    toWorker({ consume, onUnreadable, events }) {
      const ledger = workerLedger()
      const keep = ledger.countUnreadable(onUnreadable)
      const intake = bullmqIntake({ ...names, redisUrl, packsAtOnce, onUnreadable: keep, events })
      return { ledger: ledger.read, parts: [connection, intakePart(intake, ledger.countConsumed(consume))] }
    },

    replayed: (origin) => countReplayed(redis, names, origin),
  }
}
