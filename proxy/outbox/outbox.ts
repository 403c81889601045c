import type { DropReason } from '../../shared/ledger/ledger.ts'
import { memoryLimit } from '../../shared/memory-limit.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Spool } from '../spool/spool.ts'
import { createPackBuilder, type PackLimits } from './pack-builder.ts'

export type OutboxLimits = PackLimits & {
  /** Bytes of records in memory that the spool does not have yet; beyond it new records are dropped. */
  readonly waitingBytes: number
}

export const defaultOutboxLimits: OutboxLimits = {
  packRecords: 50,
  packBytes: 262_144,
  lingerMs: 250,
  waitingBytes: 33_554_432,
}

/** @param limit bytes of memory that the process may use */
const limitsWithin = (limit = memoryLimit()): OutboxLimits => ({
  ...defaultOutboxLimits,
  waitingBytes: Math.min(defaultOutboxLimits.waitingBytes, Math.floor(limit / 16)),
})

export type OutboxEvents = {
  accepted(): void
  /** Records that the spool has now, or that were dropped. */
  settled(records: number, callIds: readonly string[]): void
  /** Records are about to become a pack. */
  packClosed(): void
}

export type OutboxOptions = {
  readonly spool: Spool
  readonly events: OutboxEvents
  readonly limits?: OutboxLimits
  /** Whether the spool notes that a call has a record: a crash journal may ask for it. */
  readonly notesCall?: (callId: string) => boolean
}

/** @property text as JSON */
type WrittenRecord = { readonly id: string; readonly text: string }

/** Takes the records of finished calls to the spool, in packs. */
export type Outbox = {
  /** Accepts a record, synchronously. Never throws; what cannot be kept is dropped and counted. */
  accept(record: InferenceRecord): void
  /** Resolves when everything accepted so far is in the spool. */
  flush(): Promise<void>
  /** Records that were accepted and are not in the spool's ledger yet. */
  unspooled(): number
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { spool, events, limits = limitsWithin(), notesCall = never } = options
  const builder = createPackBuilder(limits, write)
  const writes = new Set<Promise<void>>()
  let waitingBytes = 0

  function accept(record: InferenceRecord): void {
    events.accepted()
    const text = toJson(record)
    const bytes = text === undefined ? 0 : Buffer.byteLength(text)
    const { id } = record
    if (text === undefined || bytes > limits.waitingBytes) drop(id, 'unwritable')
    else if (waitingBytes + bytes > limits.waitingBytes) drop(id, 'memory_full')
    else {
      waitingBytes += bytes
      builder.add({ id, text }, bytes)
    }
  }

  function drop(id: string, reason: DropReason): void {
    spool.reject(1, reason)
    events.settled(1, [id])
  }

  function write(records: readonly WrittenRecord[], bytes: number): void {
    events.packClosed()
    const callIds = records.map(({ id }) => id)
    const texts = records.map(({ text }) => text)
    const written = spool.put(texts, callIds.filter(notesCall)).then(() => {
      waitingBytes -= bytes
      writes.delete(written)
      events.settled(records.length, callIds)
    })
    writes.add(written)
  }

  async function flush(): Promise<void> {
    builder.closePack()
    await Promise.all(writes)
  }

  return { accept, flush, unspooled: builder.records }
}

const never = (): boolean => false

function toJson(record: InferenceRecord): string | undefined {
  try {
    return JSON.stringify(record)
  } catch {
    return undefined
  }
}
