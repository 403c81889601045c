import type { Change } from './database.ts'

/**
 * Changes that are not on disk: pending ones, and the batch that is being written. They stay readable, and the
 * changes of a failed batch become pending again, below whatever has been changed since.
 */
export type UnwrittenChanges = {
  /** Bytes of all values. */
  readonly bytes: number
  add(changes: readonly Change[]): void
  /** @returns undefined for a key without an unwritten value */
  get(key: string): string | undefined
  /**
   * Has everything pending written as one batch; one batch at a time.
   * @throws what `write` throws; the batch is pending again then
   */
  flush(write: (batch: readonly Change[]) => Promise<void>): Promise<void>
}

export function createUnwrittenChanges(): UnwrittenChanges {
  let pending = new Map<string, string | null>()
  let batch = new Map<string, string | null>()
  let bytes = 0

  function addOne([key, value]: Change): void {
    const before = pending.get(key)
    bytes += sizeOf(value) - sizeOf(before)
    // Deleting a key that was never written takes no write. Should a failed batch have left it on disk after
    // all, it is deleted when the disk is back, because the index no longer knows it.
    if (value === null && typeof before === 'string' && !batch.has(key)) pending.delete(key)
    else pending.set(key, value)
  }

  async function flush(write: (batch: readonly Change[]) => Promise<void>): Promise<void> {
    batch = pending
    pending = new Map()
    try {
      await write([...batch])
      for (const value of batch.values()) bytes -= sizeOf(value)
    } catch (cause) {
      restoreBatch()
      throw cause
    } finally {
      batch = new Map()
    }
  }

  function restoreBatch(): void {
    const newer = pending
    pending = new Map(batch)
    for (const [key, value] of newer) {
      bytes -= sizeOf(pending.get(key))
      pending.set(key, value)
    }
  }

  return {
    get bytes() {
      return bytes
    },
    add: (changes) => changes.forEach(addOne),
    get: (key) => pending.get(key) ?? batch.get(key) ?? undefined,
    flush,
  }
}

const sizeOf = (value: string | null | undefined): number => (value == null ? 0 : Buffer.byteLength(value))
