import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Spool } from '../spool/spool.ts'

export type OutboxLimits = {
  readonly packRecords: number
  readonly packBytes: number
  /** How long the first record of a pack waits for others. */
  readonly lingerMs: number
  /** Bytes of records that may be in memory, until the spool has them; beyond it new ones are not taken. */
  readonly waitingBytes: number
}

export const defaultOutboxLimits: OutboxLimits = {
  packRecords: 50,
  packBytes: 262_144,
  lingerMs: 250,
  waitingBytes: 33_554_432,
}

export type OutboxEvents = { accepted(): void }

export type OutboxOptions = {
  readonly spool: Spool
  readonly events: OutboxEvents
  readonly limits?: OutboxLimits
}

/** Takes finished records off the calls' hands. */
export type Outbox = {
  /** Takes a record, at once. Never throws; what cannot be taken is dropped and counted. */
  accept(record: InferenceRecord): void
  /** Resolves when everything accepted so far is in the spool. */
  flush(): Promise<void>
  /** Records that were accepted and are not in the spool's ledger yet. */
  unspooled(): number
}

/** Packs records for the spool: a pack is closed by number, bytes or time, whichever comes first. */
export function createOutbox({ spool, events, limits = defaultOutboxLimits }: OutboxOptions): Outbox {
  const writing = new Set<Promise<void>>()
  let pack: string[] = []
  let packBytes = 0
  let waitingBytes = 0
  let timer: NodeJS.Timeout | undefined

  function accept(record: InferenceRecord): void {
    events.accepted()
    const text = toJson(record)
    const bytes = text === undefined ? 0 : Buffer.byteLength(text)
    if (text === undefined || bytes > limits.waitingBytes) spool.reject(1, 'unwritable')
    else if (waitingBytes + bytes > limits.waitingBytes) spool.reject(1, 'memory_full')
    else take(text, bytes)
  }

  function take(text: string, bytes: number): void {
    if (packBytes + bytes > limits.packBytes) closePack()
    pack.push(text)
    packBytes += bytes
    waitingBytes += bytes
    if (pack.length >= limits.packRecords || packBytes >= limits.packBytes) closePack()
    else timer ??= setTimeout(closePack, limits.lingerMs).unref()
  }

  function closePack(): void {
    clearTimeout(timer)
    timer = undefined
    if (pack.length === 0) return
    const bytes = packBytes
    const written = spool.put(pack).then(() => {
      waitingBytes -= bytes
      writing.delete(written)
    })
    writing.add(written)
    pack = []
    packBytes = 0
  }

  async function flush(): Promise<void> {
    closePack()
    await Promise.all(writing)
  }

  return { accept, flush, unspooled: () => pack.length }
}

function toJson(record: InferenceRecord): string | undefined {
  try {
    return JSON.stringify(record)
  } catch {
    return undefined
  }
}
