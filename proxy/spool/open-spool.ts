import { join } from 'node:path'
import { addCounts, type Counts, type DropReason, type Ledger, noCounts } from '../../shared/ledger/ledger.ts'
import { packId } from '../../shared/queue/pack-id.ts'
import { encodePack } from '../../shared/record/codec.ts'
import { newSpanId } from '../../shared/record/ids.ts'
import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { Stored } from './database.ts'
import { createSpoolIndex } from './pack-index.ts'
import { ledgerKey, originKey, packKey, parsePackKey, type SpoolEntry } from './pack-keys.ts'
import type { Spool, SpooledPack, SpoolOptions } from './spool.ts'
import { emptyLedger, joinLedgers, parseLedger, type SpoolLedger } from './spool-ledger.ts'
import { createSpoolStore } from './spool-store.ts'

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
  let arrival = manyListenerAbort()
  const store = createSpoolStore({
    dir: join(options.dir, 'spool'),
    metadataWrites: () => [
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
    arrival = manyListenerAbort()
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
      else await pause(1_000, waitUntil)
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
