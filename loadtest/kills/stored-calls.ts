import { setTimeout as pause } from 'node:timers/promises'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'

const getJson = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T

export const readLedger = (admin: string): Promise<LedgerResponse> => getJson(`${admin}/ledger`)

/** @returns the ledger once all that was accepted is in the store */
export async function settledLedger(admin: string): Promise<LedgerResponse> {
  for (;;) {
    const ledger = await readLedger(admin)
    if (ledger.spooled + ledger.queued === 0) return ledger
    await pause(50)
  }
}

/** All calls of the local store. */
export async function storedCalls(admin: string): Promise<readonly CallSummary[]> {
  const all: CallSummary[] = []
  for (;;) {
    const before = all.length === 0 ? '' : `&before=${all.at(-1)?.id}`
    const page = await getJson<CallSummary[]>(`${admin}/api/calls?limit=1000${before}`)
    if (page.length === 0) return all
    all.push(...page)
  }
}
