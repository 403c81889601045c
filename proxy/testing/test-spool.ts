import { onTestFinished } from 'vitest'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openSpool } from '../spool/open-spool.ts'
import type { Spool, SpoolOptions } from '../spool/spool.ts'

export const silentSpool = {
  dropped: () => {},
  spoolFailed: () => {},
  spoolRepaired: () => {},
  spoolRecovered: () => {},
}

/** @returns a spool that is closed after the running test */
export async function testSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const dir = options.dir ?? tempDir()
  const spool = await openSpool({ dir, maxBytes: 1e9, memoryMaxBytes: 1e6, events: silentSpool, ...options })
  onTestFinished(spool.close)
  return spool
}

/** Puts records with these numbers, as one pack. */
export async function putNumbers(spool: Spool, ...numbers: readonly number[]): Promise<void> {
  await spool.put(numbers.map((number) => JSON.stringify(numberedRecord(number))))
}
