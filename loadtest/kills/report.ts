import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { Ending } from '../../shared/record/record.ts'
import { textTable } from '../compare/report/text-table.ts'
import { quantile } from '../overhead/quantile.ts'

/** A call whose response had begun when the process was killed, or before. */
export type KilledCall = {
  /** When its response began, and when it ended, in ms before the kill. */
  readonly begunMs: number
  readonly endedMs?: number
  /** As the store has it; undefined where it has not. */
  readonly ending: Ending | undefined
}

export type Result = {
  readonly calls: readonly KilledCall[]
  readonly kills: number
  /** Calls in the store, and different ones among them. */
  readonly stored: number
  readonly different: number
  readonly ledger: LedgerResponse
  /** `accepted` after each start was at least what it had been. */
  readonly neverDown: boolean
}

/** @returns lines that say what was lost, and the ages of it */
export function reportText({ calls, kills, stored, different, ledger, neverDown }: Result): string {
  const groups: [string, readonly KilledCall[]][] = [
    ['ended before the kill', calls.filter(({ endedMs }) => endedMs !== undefined)],
    ['in flight', calls.filter(({ endedMs }) => endedMs === undefined)],
  ]
  const rows = groups.map(([name, all]) => {
    const lost = all.filter(({ ending }) => ending === undefined)
    const ages = lost.map(({ begunMs }) => begunMs)
    const [median, oldest] = [0.5, 1].map((share) =>
      ages.length === 0 ? '-' : quantile(ages, share).toFixed(0),
    )
    const interrupted = all.filter(({ ending }) => ending === 'process_died').length
    return [name, String(all.length), String(interrupted), String(lost.length), `${median}`, `${oldest}`]
  })
  const head = [
    'calls whose response had begun',
    'seen',
    'process_died',
    'missing',
    'begun ms before, median',
    'oldest',
  ]
  return [
    textTable({ head, rows }),
    `${kills} kills; ${stored} calls in the store, ${different} different ones; accepted ${ledger.accepted}, delivered ${ledger.delivered}, dropped ${JSON.stringify(ledger.dropped)}`,
    `the ledger ${ledger.adds_up ? 'adds up' : 'does not add up'}; accepted ${neverDown ? 'never went down' : 'went down'}`,
    '',
  ].join('\n')
}
