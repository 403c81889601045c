import { memoryLimit } from '../../shared/memory-limit.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import { pause } from '../../shared/timing/pause.ts'
import { packKey, type SpoolEntry } from './pack-keys.ts'
import type { SpoolLimits } from './put-packs.ts'
import type { Spool, SpooledPack } from './spool.ts'
import { dropPack, type SpoolParts } from './spool-parts.ts'

/** Between two attempts to read packs while the disk fails. */
const readRetryMs = 1_000

/** Of a container's memory: consumers hold each pack as text, as records and as what they send. */
const memoryShare = 1 / 32

/**
 * How consumers get packs. They may hold half of the spool at once: what they hold cannot be dropped, and when the spool is
 * full the oldest pack has to go, not the one that came last.
 */
export function takePacks(parts: SpoolParts, { maxBytes }: SpoolLimits): Pick<Spool, 'take' | 'putBack'> {
  const { metadata, index, store, events } = parts
  const takenMaxBytes = Math.min(maxBytes / 2, memoryLimit() * memoryShare)
  let handedOver: Promise<unknown> = Promise.resolve()

  /** Packs are read side by side and handed over one after the other: what a record needs of an earlier one is there then. */
  async function inOrder<T>(reading: Promise<T>): Promise<T> {
    const before = handedOver
    handedOver = Promise.allSettled([before, reading])
    await before
    return reading
  }

  async function take(signal: AbortSignal): Promise<SpooledPack | undefined> {
    for (;;) {
      const entry = index.take(takenMaxBytes)
      const pack = entry && (await inOrder(readPack(entry)))
      if (pack !== undefined) return pack
      if (entry !== undefined && store.isOpen()) continue
      if (signal.aborted) return undefined
      if (entry === undefined) await index.nextChange(signal)
      else await pause(readRetryMs, signal)
    }
  }

  /** @returns undefined for a pack that cannot be read: put back while the disk fails, dropped when it works */
  async function readPack(entry: SpoolEntry): Promise<SpooledPack | undefined> {
    try {
      const text = await store.read(packKey(entry))
      if (text !== undefined) {
        return {
          id: packId(metadata.origin, entry.number),
          text,
          records: entry.packed ?? entry.records,
          entry,
        }
      }
    } catch (cause) {
      events.spoolFailed('read', cause)
      if (!store.isOpen()) {
        index.offer(entry)
        return undefined
      }
    }
    // Its outcome was reported meanwhile: a worker had it before this process started.
    if (index.find(entry.number) === undefined) return undefined
    dropPack(parts, entry, 'spool_lost')
    await store.write([[packKey(entry), null]])
    return undefined
  }

  return { take, putBack: (pack) => index.offer(pack.entry) }
}
