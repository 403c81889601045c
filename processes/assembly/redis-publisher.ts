import type { MediaSpool } from '../../proxy/media/media-spool.ts'
import { createPublisher, type PublisherOptions } from '../../proxy/outbox/publisher.ts'
import type { RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import { proxyLedger } from '../../proxy/spool/read-ledger.ts'
import type { Config } from '../../shared/config/load.ts'
import type { CarrierAssembly } from './carrier-assembly.ts'

/** Publishes a proxy's spool to Redis, and the media beside it. */
export function publishTo(
  redisUrl: string,
  config: Config,
  { spool, outbox, events, media, live }: RecorderAssembly,
): CarrierAssembly {
  const publisher = createPublisher({
    queueName: config.queueName,
    prefix: config.queuePrefix,
    spool,
    redisUrl,
    maxPacks: config.queueMaxPacks,
    events,
    onPublished: live.packQueued,
    ...(media && { media: mediaOf(media, config, events) }),
  })
  return { ledger: proxyLedger(spool, outbox, publisher.readOutcomes), parts: [publisher] }
}

function mediaOf(
  spool: MediaSpool,
  { queueMediaMaxBytes: maxBytes }: Config,
  { mediumCaptured: onOutcome }: RecorderAssembly['events'],
): NonNullable<PublisherOptions['media']> {
  return { spool, maxBytes, onOutcome }
}
