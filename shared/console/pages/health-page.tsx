import type { Examined } from '../health/examination.ts'
import type { Finding } from '../health/findings.ts'
import { findingsOf } from '../health/findings.ts'
import type { Health } from '../health/read-health.ts'
import type { Page } from '../layout/page.ts'
import { DeadLetterTable } from '../parts/health/dead-letter-table.tsx'
import { LedgerFlow } from '../parts/health/ledger-flow.tsx'
import { Servers } from '../parts/health/servers.tsx'

export type HealthPageData = {
  readonly health: Health
  readonly now: number
  /** What became of what somebody did on this page, one sentence. */
  readonly outcome?: string
  /** Absent where this process cannot ask them. */
  readonly servers?: Examined
}

/** How this process is, in sentences, and what waits for somebody to act. */
export function healthPage({ health, now, outcome, servers }: HealthPageData): Page {
  const { ledger, dead } = health
  const body = (
    <>
      <h1>Health</h1>
      {outcome !== undefined && (
        <p role="status" class="outcome">
          {outcome}
        </p>
      )}
      <ul class="findings">
        {findingsOf(health).map((finding) => (
          <FindingItem finding={finding} />
        ))}
      </ul>
      {servers !== undefined && <Servers at={servers.at} parts={servers.parts} now={now} />}
      <h2>Where the records are</h2>
      {ledger === undefined ? (
        <p>This process keeps no ledger: the proxies that its records come from do.</p>
      ) : (
        <>
          <LedgerFlow ledger={ledger} />
          <Dropped dropped={ledger.dropped} />
        </>
      )}
      <h2>Dead letters</h2>
      {dead === undefined ? (
        <p>They are kept by the worker: look at its admin port.</p>
      ) : (
        <DeadLetterTable letters={dead.letters} count={Math.max(dead.count, dead.letters.length)} now={now} />
      )}
    </>
  )
  return { title: 'Health', section: '/health', body }
}

const signs = { good: '✓', warning: '!', bad: '✗' } as const
const looks = { good: 'good', warning: 'warn', bad: 'bad' } as const
const words = { good: 'Good', warning: 'Warning', bad: 'Bad' } as const

function FindingItem({ finding: { kind, text } }: { readonly finding: Finding }) {
  return (
    <li>
      <span class={looks[kind]} role="img" aria-label={words[kind]}>
        {signs[kind]}
      </span>{' '}
      <bdi>{text}</bdi>
    </li>
  )
}

function Dropped({ dropped }: { readonly dropped: NonNullable<Health['ledger']>['dropped'] }) {
  const reasons = Object.entries(dropped)
  if (reasons.length === 0) return null
  return (
    <p>
      Dropped, by reason: {reasons.map(([reason, count]) => `${reason} ${count}`).join(', ')}.{' '}
      <code>docs/troubleshooting.md</code> says what each means.
    </p>
  )
}
