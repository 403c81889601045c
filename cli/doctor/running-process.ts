import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { Readiness } from '../../shared/admin/readiness.ts'
import { codeOf } from '../../shared/error-cause.ts'
import { upstreamReadings } from '../../shared/metrics/catalogue.ts'
import type { AdminAddress } from '../admin/admin-client.ts'
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
      const ledger = await ask<LedgerResponse>(`${url}/ledger`, signal, token)
      const found = ledger.accepted === undefined ? ok(`${url} is ready`) : ledgerFinding(url, ledger)
      return withRefusals(found, await rememberedRefusals(url, signal))
    },
  }
}

/** What it says, whatever the status; `/ledger` may be closed or absent, and then has other fields. */
async function ask<T>(url: string, signal: AbortSignal, token?: string): Promise<Partial<T>> {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(url, { headers, signal })
  return (await answer.json()) as Partial<T>
}

/** How many pairs of upstream and model refuse to be asked for usage; 0 where no proxy runs. */
async function rememberedRefusals(url: string, signal: AbortSignal): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { signal })).text()
  const name = upstreamReadings.usageRefusalsRemembered.name
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length) ?? 0)
}

function withRefusals(finding: Finding, count: number): Finding {
  if (count === 0) return finding
  const pairs =
    count === 1 ? '1 pair of upstream and model refuses' : `${count} pairs of upstream and model refuse`
  return {
    ...finding,
    said: `${finding.said}; ${pairs} stream_options (its log names them): usage of their streams is missing`,
  }
}

function notReady(url: string, { checks = {} }: Partial<Readiness>): Finding {
  const failing = Object.keys(checks).filter((name) => !checks[name])
  return notOk(`${url} is not ready: ${failing.join(', ')}`, 'its log says why')
}

function ledgerFinding(url: string, ledger: Partial<LedgerResponse>): Finding {
  const { accepted, spooled, queued, delivered, dead_lettered: dead = 0, dropped = {} } = ledger
  const droppedCount = Object.values(dropped).reduce((sum, count) => sum + count, 0)
  const sum = `${delivered} delivered + ${spooled} spooled + ${queued} queued + ${dead} dead + ${droppedCount} dropped`
  const said = `${url} is ready; ${accepted} accepted = ${sum}`
  if (ledger.adds_up !== true) return notOk(`${said}, which does not add up`, 'a defect: please report it')
  return ok(dead > 0 ? `${said} (threadtap dead list)` : said)
}
