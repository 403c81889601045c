import type { Registry } from 'prom-client'
import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { spoolReadings } from '../../shared/metrics/catalogue.ts'
import { createReadings } from '../../shared/metrics/readings.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { secondsSince } from '../../shared/timing/seconds-since.ts'
import type { MediaSpool } from '../media/media-spool.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { openSpool } from '../spool/open-spool.ts'
import type { Spool } from '../spool/spool.ts'
import { freeingDisk, openMedia } from './media-assembly.ts'
import type { RecorderEvents } from './recorder-events.ts'

/** What is on the spool's disk: packs, and the media that their records name. */
export type SpoolAssembly = {
  readonly spool: Spool
  /** Present where the bytes of media are kept. */
  readonly media: MediaSpool | undefined
  readonly part: Part
}

/** Limit of the records kept in memory while the spool's disk fails. */
const spoolMemoryBytes = 32 * 1024 * 1024

/**
 * @param keepsMedia whether somebody uploads media, so that their bytes are kept
 * @throws SpoolInUse when another process uses the data folder
 */
export async function assembleSpool(
  config: Config,
  keepsMedia: boolean,
  events: RecorderEvents,
): Promise<SpoolAssembly> {
  const media = await openMedia(config, keepsMedia, events, () => spool)
  const spool = await openSpool({
    dir: config.dataDir,
    maxBytes: config.spoolMaxBytes,
    memoryMaxBytes: spoolMemoryBytes,
    events: freeingDisk(events, media),
    ...(media && { beside: media }),
  })
  // No record is left that could name them.
  if (spool.size().bytes === 0) media?.evict(Number.POSITIVE_INFINITY)
  const part: Part = {
    name: 'spool',
    async stop(deadline) {
      await media?.stop?.(deadline)
      await spool.close()
    },
  }
  return { spool, media, part }
}

type ReadParts = Omit<SpoolAssembly, 'part'> & {
  readonly config: Pick<Config, 'spoolMaxBytes'>
  readonly clock: Clock
  readonly outbox: Pick<Outbox, 'unspooled'>
}

export function registerSpoolReadings(
  registry: Registry,
  { config, clock, spool, outbox, media }: ReadParts,
): void {
  createReadings(spoolReadings, registry, {
    spoolRecords: () => spool.ledger().spooled + outbox.unspooled(),
    spoolBytes: () => spool.size().bytes,
    spoolOldest: () => secondsSince(clock, spool.oldestAt()),
    mediaBytes: () => media?.bytes() ?? 0,
    spoolLimit: () => config.spoolMaxBytes,
  })
}
