import { createPublisher } from '../../proxy/outbox/publisher.ts'
import type { RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import { proxyLedger } from '../../proxy/spool/read-ledger.ts'
import type { Config } from '../../shared/config/load.ts'
import type { CarrierAssembly } from './carrier-assembly.ts'

/** Publishes a proxy's spool to Redis. */
export function publishTo(
  redisUrl: string,
  { queueName, queuePrefix: prefix, queueMaxPacks: maxPacks }: Config,
  { spool, outbox, events }: RecorderAssembly,
): CarrierAssembly {
  const publisher = createPublisher({ queueName, prefix, spool, redisUrl, maxPacks, events })
  return { ledger: proxyLedger(spool, outbox, publisher.readOutcomes), parts: [publisher] }
}
