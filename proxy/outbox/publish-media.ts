import { isJsonObject, parseJson } from '../../shared/json.ts'
import type { PutOutcome } from '../../shared/queue/media-in-redis.ts'

/** What became of a medium on its way to Redis. A closed set: it is a label. */
export const publishedMediaOutcomes = ['queued', 'queue_full', 'queue_failed'] as const

export type PublishedMediaOutcome = (typeof publishedMediaOutcomes)[number]

export type MediaPublisherOptions = {
  readonly media: {
    read(sha256: string): Promise<Buffer | undefined>
    release(hashes: readonly string[]): void
  }
  /** @param bytes left out to find out whether they need to be sent. Rejects where Redis cannot take them */
  readonly put: (sha256: string, size: number, bytes?: Buffer) => Promise<PutOutcome>
  readonly onOutcome: (outcome: PublishedMediaOutcome) => void
}

/** Hands the media of a pack to Redis before the pack itself. */
export type MediaPublisher = {
  /** Never rejects: a pack goes without what cannot be handed over. */
  handOver(packText: string): Promise<void>
  /** The pack is in Redis, and will not be handed over again. */
  handedOver(packText: string): void
}

export function createMediaPublisher({ media, put, onOutcome }: MediaPublisherOptions): MediaPublisher {
  async function handOverOne(sha256: string): Promise<void> {
    const bytes = await media.read(sha256)
    if (bytes === undefined) return
    const known = await put(sha256, bytes.length)
    const outcome = known === 'absent' ? await put(sha256, bytes.length, bytes) : known
    onOutcome(outcome === 'kept' ? 'queued' : 'queue_full')
  }

  return {
    async handOver(packText) {
      for (const sha256 of new Set(hashesIn(packText))) {
        try {
          await handOverOne(sha256)
        } catch {
          onOutcome('queue_failed')
          // Records must not wait behind media for a Redis that is slow or full.
          return
        }
      }
    },
    handedOver: (packText) => media.release(hashesIn(packText)),
  }
}

/** @returns the hash of each medium that a record of the pack names, as often as one does */
function hashesIn(packText: string): readonly string[] {
  // Most packs have none, and need not be parsed.
  if (!packText.includes('"sha256":')) return []
  const pack = parseJson(packText)
  const records = isJsonObject(pack) && Array.isArray(pack.records) ? pack.records : []
  return records.flatMap((record) =>
    isJsonObject(record) && Array.isArray(record.media)
      ? record.media.flatMap((medium) =>
          isJsonObject(medium) && typeof medium.sha256 === 'string' ? [medium.sha256] : [],
        )
      : [],
  )
}
