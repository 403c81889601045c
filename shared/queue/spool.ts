import { join } from 'node:path'
import { encodePack } from '../record/codec.ts'
import { newSpanId } from '../record/ids.ts'
import type { Backoff } from './backoff.ts'
import { addCounts, type Counts, type DropReason, type Ledger, noCounts } from './ledger.ts'
import { createSpoolIndex } from './spool-index.ts'
import { ledgerKey, originKey, packId, packKey, parsePackKey, type SpoolEntry } from './spool-keys.ts'
import { emptyLedger, joinLedgers, parseLedger, type SpoolLedger } from './spool-ledger.ts'
import { createSpoolStore, type SpoolStoreEvents, type Stored } from './spool-store.ts'
import { rest, sharedAbort, untilAborted } from './waiting.ts'

export type SpoolEvents = SpoolStoreEvents & {
  dropped(records: number, reason: DropReason): void
}

export type SpoolOptions = {
  /** DATA_DIR; the spool is the folder `spool` in it. */
  readonly dir: string
  /** Bytes of packs that may be here at once; beyond it the oldest that nobody has taken is dropped. */
  readonly maxBytes: number
  /** Bytes of packs that may be kept in memory while the disk fails; beyond it new ones are not taken. */
  readonly memoryMaxBytes: number
  readonly events: SpoolEvents
  /** How long to wait before a failed disk is tried again. */
  readonly retry?: Backoff
}

/** A pack in a consumer's hands. It stays in the spool until it is settled. */
export type SpooledPack = {
  readonly id: string
  readonly text: string
  readonly records: number
  readonly entry: SpoolEntry
}

/** The durable queue of packs between the calls and whoever delivers them, and the ledger of all records. */
export type Spool = {
  /** Names the data directory, for all time. */
  readonly origin: string
  /**
   * Takes records, each as JSON, as one pack. Resolves when it is on disk, or as safe as the disk allows for
   * now. Never rejects; what does not fit is dropped and counted.
   */
  put(records: readonly string[]): Promise<void>
  /** Counts records that were accepted and given up before they came here. */
  refuse(records: number, reason: DropReason): void
  /**
   * Hands out the pack that waits longest.
   * @param waitUntil aborts the waiting for a pack; what is here already is handed out all the same
   * @returns undefined when there is none and waiting was aborted
   */
  take(waitUntil: AbortSignal): Promise<SpooledPack | undefined>
  /** Takes a pack back as it is; it waits at the end of the line. */
  giveBack(pack: SpooledPack): void
  /**
   * Takes note of what became of a pack: in one write its counts are added and it is removed, or replaced by
   * what remains of it.
   * @param remaining records of the pack, each as JSON, that the counts do not speak of
   * @returns the pack that remains, still in the consumer's hands
   */
  settle(pack: SpooledPack, counts: Counts, remaining: readonly string[]): Promise<SpooledPack | undefined>
  /** Takes note that Redis has the pack now. */
  published(pack: SpooledPack): Promise<void>
  /** Takes note that dead letters were delivered after all. */
  replayed(records: number): Promise<void>
  /** `queued` is everything that was ever handed to Redis: what became of it there is not known here. */
  ledger(): Ledger
  /** Bytes of packs, and packs that wait for a consumer. */
  size(): { readonly bytes: number; readonly waitingPacks: number }
  close(): Promise<void>
}

/**
 * Opens the spool and finds what an earlier process left there. A disk that fails, now or later, makes it
 * work in memory until the disk is back.
 * @throws SpoolInUse when another process has it
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { maxBytes, memoryMaxBytes, events } = options
  const index = createSpoolIndex()
  let origin = newSpanId()
  let ledger: SpoolLedger = emptyLedger
  let known = false
  let arrival = sharedAbort()
  const store = createSpoolStore({
    dir: join(options.dir, 'spool'),
    lastly: () => [
      [originKey, origin],
      [ledgerKey, JSON.stringify(ledger)],
    ],
    opened,
    events,
    ...(options.retry && { retry: options.retry }),
  })

  function opened(stored: Stored): readonly string[] {
    if (known) {
      const wanted = index.keys()
      return stored.packKeys.filter((key) => !wanted.has(key))
    }
    known = true
    origin = stored.origin ?? origin
    ledger = joinLedgers(parseLedger(stored.ledger) ?? emptyLedger, ledger)
    for (const key of stored.packKeys) {
      const entry = parsePackKey(key)
      if (entry !== undefined) arrive(entry)
    }
    return []
  }

  function arrive(entry: SpoolEntry): void {
    index.expect(entry)
    offer(entry)
  }

  function offer(entry: SpoolEntry): void {
    index.add(entry)
    arrival.abort()
    arrival = sharedAbort()
  }

  async function put(records: readonly string[]): Promise<void> {
    const number = nextNumber()
    const text = encodePack(packId(origin, number), origin, records)
    const entry = { number, records: records.length, bytes: Buffer.byteLength(text) }
    if (!store.usable() && store.unwrittenBytes() + entry.bytes > memoryMaxBytes) {
      refuse(entry.records, 'memory_full')
      return
    }
    ledger = { ...ledger, accepted: ledger.accepted + entry.records, nextNumber: number + 1 }
    index.expect(entry)
    const removed = makeRoom()
    await store.write([...removed, [packKey(entry), text]])
    offer(entry)
  }

  /** A number that the disk never heard of must not come again after a crash: then they are far away. */
  function nextNumber(): number {
    return store.usable() ? ledger.nextNumber : Math.max(ledger.nextNumber, Date.now())
  }

  function makeRoom(): [key: string, value: null][] {
    const removed: [string, null][] = []
    while (index.bytes > maxBytes) {
      const oldest = index.take()
      if (oldest === undefined) break
      forget(oldest, 'spool_full')
      removed.push([packKey(oldest), null])
    }
    return removed
  }

  function forget(entry: SpoolEntry, reason: DropReason): void {
    index.remove(entry)
    count({ ...noCounts, dropped: { [reason]: entry.records } })
    events.dropped(entry.records, reason)
  }

  function count(counts: Counts): void {
    ledger = { ...ledger, ...addCounts(ledger, counts) }
  }

  function refuse(records: number, reason: DropReason): void {
    ledger = { ...ledger, accepted: ledger.accepted + records }
    count({ ...noCounts, dropped: { [reason]: records } })
    events.dropped(records, reason)
  }

  async function take(waitUntil: AbortSignal): Promise<SpooledPack | undefined> {
    for (;;) {
      const entry = index.take()
      const pack = entry && (await fetchPack(entry))
      if (pack !== undefined) return pack
      if (entry !== undefined && store.usable()) continue
      if (waitUntil.aborted) return undefined
      if (entry === undefined) await untilAborted(arrival.signal, waitUntil)
      else await rest(1_000, waitUntil)
    }
  }

  /** Undefined for a pack that cannot be read: put back while the disk fails, given up when it works. */
  async function fetchPack(entry: SpoolEntry): Promise<SpooledPack | undefined> {
    try {
      const text = await store.read(packKey(entry))
      if (text !== undefined) return { id: packId(origin, entry.number), text, records: entry.records, entry }
    } catch (cause) {
      events.spoolFailed('read', cause)
      if (!store.usable()) {
        offer(entry)
        return undefined
      }
    }
    forget(entry, 'spool_lost')
    await store.write([[packKey(entry), null]])
    return undefined
  }

  async function settle(
    pack: SpooledPack,
    counts: Counts,
    remaining: readonly string[],
  ): Promise<SpooledPack | undefined> {
    const left = remaining.length === 0 ? undefined : repack(pack, remaining)
    count(counts)
    index.remove(pack.entry)
    if (left !== undefined) index.expect(left.entry)
    await store.write([
      [packKey(pack.entry), null],
      ...(left === undefined ? [] : [[packKey(left.entry), left.text] as const]),
    ])
    return left
  }

  function repack(pack: SpooledPack, records: readonly string[]): SpooledPack {
    const text = encodePack(pack.id, origin, records)
    const entry = { number: pack.entry.number, records: records.length, bytes: Buffer.byteLength(text) }
    return { id: pack.id, text, records: records.length, entry }
  }

  async function published(pack: SpooledPack): Promise<void> {
    ledger = { ...ledger, published: ledger.published + pack.records }
    index.remove(pack.entry)
    await store.write([[packKey(pack.entry), null]])
  }

  async function replayed(records: number): Promise<void> {
    count({ ...noCounts, delivered: records, deadLettered: -records })
    await store.write([])
  }

  function readLedger(): Ledger {
    const { accepted, published: queued, delivered, deadLettered, dropped } = ledger
    return { accepted, spooled: index.records, queued, delivered, deadLettered, dropped }
  }

  await store.open()
  return {
    get origin() {
      return origin
    },
    put,
    refuse,
    take,
    giveBack: (pack) => offer(pack.entry),
    settle,
    published,
    replayed,
    ledger: readLedger,
    size: () => ({ bytes: index.bytes, waitingPacks: index.waiting }),
    close: store.close,
  }
}
