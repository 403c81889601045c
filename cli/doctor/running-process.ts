import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { Readiness } from '../../shared/admin/readiness.ts'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import { codeOf } from '../../shared/error-cause.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { reportingMetrics } from '../../shared/metrics/catalogue.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { AdminAddress } from '../admin/admin-client.ts'
import type { Check } from './check.ts'
import { type Finding, notOk, notUsed, ok } from './reach/finding.ts'

/** Whether a process responds on the admin port, is ready, and where its records are. */
export function runningProcessCheck({ url, token }: AdminAddress): Check {
  return {
    name: 'running process',
    silence: (timeoutMs) =>
      notOk(
        `${url} takes connections, but gave no answer within ${timeoutMs / 1000} s: it is busy, or not threadtap`,
        'ADMIN_PORT=<another port>, here and where it runs, or threadtap doctor once more',
      ),
    async run(signal): Promise<Finding> {
      const readiness = await getJson<ReadyResponse>(`${url}/readyz`, signal, token).catch((cause) => {
        if (codeOf(cause) === 'ECONNREFUSED') return undefined
        throw cause
      })
      if (readiness === undefined) return notUsed(`none answers at ${url}`)
      if (readiness.ready === undefined) {
        return notOk(
          `what answers at ${url} is not threadtap`,
          'ADMIN_PORT=<another port>, here and where it runs',
        )
      }
      if (!readiness.ready) return notReady(url, readiness)
      const ledger = await getJson<LedgerResponse>(`${url}/ledger`, signal, token)
      const ready = ledger.accepted === undefined ? ok(`${url} is ready`) : ledgerFinding(url, ledger)
      const finding = withDegraded(url, ready, readiness.degraded ?? [])
      return withReporting(finding, await usageReporting(url, signal))
    },
  }
}

/** Who may not read more than probes gets no reason. */
type ShownDegradation = Pick<Degradation, 'effect'> & Partial<Degradation>

type ReadyResponse = Readiness & { readonly degraded?: readonly ShownDegradation[] }

/** What does not work for now, although calls go on. */
function withDegraded(url: string, finding: Finding, degraded: readonly ShownDegradation[]): Finding {
  if (degraded.length === 0 || finding.state === 'not ok') return finding
  const effects = degraded.map(({ effect, reason }) =>
    reason === undefined ? effect : `${effect} (${reason})`,
  )
  return notOk(
    `${finding.summary}; but ${effects.join('; ')}`,
    `curl ${url}/readyz, and see its log: it says why`,
  )
}

/** Reads the body whatever the status: `/ledger` may be refused or absent, and then has other fields. */
async function getJson<T>(url: string, signal: AbortSignal, token?: string): Promise<Partial<T>> {
  const authorization = token === undefined ? undefined : `Bearer ${token}`
  const response = await fetch(url, { headers: omitUndefined({ authorization }), signal })
  const body = parseJson(await response.text())
  return isJsonObject(body) ? (body as Partial<T>) : {}
}

/** How many pairs of upstream and model report usage in which way; none without a proxy. */
async function usageReporting(url: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const metrics = await (await fetch(`${url}/metrics`, { signal })).text()
  const lines = metrics.matchAll(reportingLine)
  return new Map([...lines].map(([, reporting = '', count]) => [reporting, Number(count)]))
}

const reportingLine = new RegExp(
  `^${reportingMetrics.usageReporting.name}\\{reporting="(\\w+)"\\} (\\d+)$`,
  'gm',
)

/** What of it somebody may want to know; the rest is asked, and reports usage. */
const remarks: readonly (readonly [reporting: string, remark: string])[] = [
  ['unsolicited', 'that send usage anyway and are not asked'],
  ['rejects_option', 'that refuse stream_options, so that usage is estimated'],
  ['alters_frames', 'that change other frames when asked, so that usage is estimated'],
]

function withReporting(finding: Finding, counts: ReadonlyMap<string, number>): Finding {
  const found = remarks.flatMap(([reporting, remark]) => {
    const count = counts.get(reporting) ?? 0
    return count === 0 ? [] : [`${count} ${remark}`]
  })
  if (found.length === 0) return finding
  const pairs = `of the pairs of upstream and model ${found.join(', ')} (its log names them)`
  return { ...finding, summary: `${finding.summary}; ${pairs}` }
}

function notReady(url: string, { checks = {} }: Partial<Readiness>): Finding {
  const failing = Object.keys(checks).filter((name) => !checks[name])
  return notOk(`${url} is not ready: ${failing.join(', ')}`, 'LOG_LEVEL=info, and see its log: it says why')
}

function ledgerFinding(url: string, ledger: Partial<LedgerResponse>): Finding {
  const { accepted, spooled, queued, delivered, dead_lettered: dead = 0, dropped = {} } = ledger
  const droppedCount = Object.values(dropped).reduce((sum, count) => sum + count, 0)
  const sum = `${delivered} delivered + ${spooled} spooled + ${queued} queued + ${dead} dead + ${droppedCount} dropped`
  const summary = `${url} is ready; ${accepted} accepted = ${sum}`
  if (ledger.adds_up !== true)
    return notOk(`${summary}, which does not add up`, `curl ${url}/ledger, and report it: this is a defect`)
  return ok(dead > 0 ? `${summary} (threadtap dead list)` : summary)
}
