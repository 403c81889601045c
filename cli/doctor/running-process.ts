import type { LedgerAnswer } from '../../shared/admin/ledger-answer.ts'
import type { Readiness } from '../../shared/admin/readiness.ts'
import type { AdminAddress } from '../admin-client.ts'
import { codeOf } from '../reason.ts'
import { type Check, type Finding, notOk, notUsed, ok } from './check.ts'

/** Whether a process answers on the admin port, is ready, and where its records are. */
export function runningProcessCheck({ url, token }: AdminAddress): Check {
  return {
    name: 'running process',
    async run(signal): Promise<Finding> {
      const readiness = await ask<Readiness>(`${url}/readyz`, signal).catch((cause) => {
        if (codeOf(cause) === 'ECONNREFUSED') return undefined
        throw cause
      })
      if (readiness === undefined) return notUsed(`none answers at ${url}`)
      if (!readiness.ready) return notReady(url, readiness)
      const ledger = await ask<LedgerAnswer>(`${url}/ledger`, signal, token)
      return ledger.accepted === undefined ? ok(`${url} is ready`) : ledgerFinding(url, ledger)
    },
  }
}

/** What it says, whatever the status; `/ledger` may be closed or absent, and then has other fields. */
async function ask<T>(url: string, signal: AbortSignal, token?: string): Promise<Partial<T>> {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(url, { headers, signal })
  return (await answer.json()) as Partial<T>
}

function notReady(url: string, { checks = {} }: Partial<Readiness>): Finding {
  const failing = Object.keys(checks).filter((name) => !checks[name])
  return notOk(`${url} is not ready: ${failing.join(', ')}`, 'its log says why')
}

function ledgerFinding(url: string, ledger: Partial<LedgerAnswer>): Finding {
  const { accepted, spooled, queued, delivered, dead_lettered: dead = 0, dropped = {} } = ledger
  const droppedCount = Object.values(dropped).reduce((sum, count) => sum + count, 0)
  const sum = `${delivered} delivered + ${spooled} spooled + ${queued} queued + ${dead} dead + ${droppedCount} dropped`
  const said = `${url} is ready; ${accepted} accepted = ${sum}`
  if (ledger.adds_up !== true) return notOk(`${said}, which does not add up`, 'a defect: please report it')
  return ok(dead > 0 ? `${said} (threadtap dead list)` : said)
}
