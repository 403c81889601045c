import { type FileHandle, open, readFile } from 'node:fs/promises'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { readFlags, writeFlags } from '../../shared/no-links.ts'
import { coalesce } from './coalesce.ts'
import type { StoredLedger } from './database.ts'

/** What the copy has. */
export type CopiedLedger = StoredLedger & {
  /** Every pack with a lower number is settled; absent in copies of version 0.1.0. */
  readonly oldestNumber?: number
}

/**
 * A copy of the spool's ledger in a file of its own, so that it is noticed where the database comes back with less than it
 * had: its folder was deleted, or the end of its log was cut off. Only evidence: nothing fails when it cannot be written, and
 * it is not synced, so after a power cut it may be older than the database.
 */
export type LedgerCopy = {
  /** @returns nothing where there is no copy, or none that can be read */
  read(): Promise<CopiedLedger | undefined>
  /** Writes what `current` returns at that moment, soon. */
  write(): void
  close(): Promise<void>
}

/** One write of a constant size replaces the text before it whole. */
const paddedBytes = 1_024

export function createLedgerCopy(path: string, current: () => CopiedLedger): LedgerCopy {
  let file: FileHandle | undefined
  let written = Promise.resolve()

  const writeOnce = coalesce(async () => {
    try {
      file ??= await open(path, writeFlags, 0o600)
      await file.write(JSON.stringify(current()).padEnd(paddedBytes), 0)
    } catch {
      await close()
    }
  })

  async function close(): Promise<void> {
    const closing = file
    file = undefined
    await closing?.close().catch(() => undefined)
  }

  return {
    async read() {
      const copy = parseJson(await readFile(path, { encoding: 'utf8', flag: readFlags }).catch(() => ''))
      if (!isJsonObject(copy) || typeof copy.origin !== 'string' || typeof copy.ledger !== 'string') return
      const { origin, ledger, oldestNumber } = copy
      return { origin, ledger, ...(typeof oldestNumber === 'number' && { oldestNumber }) }
    },
    write() {
      written = writeOnce()
    },
    async close() {
      await written
      await close()
    },
  }
}
