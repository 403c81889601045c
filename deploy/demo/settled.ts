import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger, ReadLedger } from '../../shared/ledger/ledger.ts'

const defaultPollMs = 100

/**
 * Resolves with the ledger once there are records and none is waiting any more. Delivered, dead-lettered and
 * dropped all count as settled: a dropped record is never delivered.
 */
export async function settledLedger(readLedger: ReadLedger, pollMs = defaultPollMs): Promise<Ledger> {
  for (;;) {
    const ledger = await readLedger()
    if (ledger.accepted > 0 && ledger.spooled === 0 && ledger.queued === 0) return ledger
    await sleep(pollMs)
  }
}

/** @returns a line for people; '' when every record was delivered */
export function undeliveredText({ accepted, delivered }: Ledger): string {
  const count = accepted - delivered
  return count === 0
    ? ''
    : `${count} of ${accepted} records were not delivered: /ledger on the admin port says why.\n`
}
