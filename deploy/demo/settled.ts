import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'

/** What the demo looks at of a ledger. */
export type Counts = Pick<LedgerResponse, 'accepted' | 'spooled' | 'queued' | 'delivered'>

const defaultPollMs = 100

/**
 * Resolves with the ledger once there are records and none is waiting any more. Delivered, dead-lettered and
 * dropped all count as settled: a dropped record is never delivered.
 */
export async function settledLedger(
  readLedger: () => Promise<Counts>,
  pollMs = defaultPollMs,
): Promise<Counts> {
  for (;;) {
    const ledger = await readLedger()
    if (ledger.accepted > 0 && ledger.spooled === 0 && ledger.queued === 0) return ledger
    await sleep(pollMs)
  }
}

/** @returns a line for people; '' when every record was delivered */
export function undeliveredText({ accepted, delivered }: Counts): string {
  const count = accepted - delivered
  return count === 0
    ? ''
    : `${count} of ${accepted} records were not delivered: /ledger on the admin port says why.\n`
}
