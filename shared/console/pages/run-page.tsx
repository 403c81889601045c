import type { RunDetail } from '../../admin/runs.ts'
import { costText, duration, linkCell, shortId, tokens } from '../../presentation/cells.ts'
import { contentOf, hasFailed, type RunRow, runFacts, runRows } from '../../presentation/run-rows.ts'
import { callPath, threadPath } from '../addresses/paths.ts'
import type { Page } from '../layout/page.ts'
import { Facts } from '../parts/facts.tsx'
import { type Column, List } from '../parts/list.tsx'
import { RowLink } from '../parts/row-link.tsx'
import { WaterfallBar, WaterfallKey, WaterfallPatterns } from '../parts/waterfall.tsx'

export type RunPageData = { readonly run: RunDetail; readonly now: number }

/** Rows that are drawn: a page with more is slow. */
const maxRows = 500

/** An agent run as a tree with its times. */
export function runPage({ run, now }: RunPageData): Page {
  const rows = runRows(run)
  const body = (
    <article>
      <h1>
        <bdi>{run.agent ?? 'Run'}</bdi> <small class="quiet id">{shortId(run.id)}</small>
      </h1>
      <Facts facts={[...sentenceCased(runFacts(run, now)), ['Thread', <ThreadLink thread={run.thread} />]]} />
      <h2>Spans</h2>
      <WaterfallPatterns />
      <WaterfallKey />
      <List label="Spans" columns={columns(run)} rows={rows.slice(0, maxRows)} />
      {rows.length > maxRows && (
        <p class="quiet">
          {rows.length - maxRows} more spans are not drawn; <a href={`/api/runs/${run.id}`}>as JSON</a> they
          are there.
        </p>
      )}
    </article>
  )
  return { title: `Run ${shortId(run.id)}`, section: '/runs', body }
}

const sentenceCased = (facts: ReturnType<typeof runFacts>) =>
  facts.map(([label, text]) => [label.charAt(0) + label.slice(1).toLowerCase(), text] as const)

const ThreadLink = ({ thread }: { readonly thread: string }) => <a href={threadPath(thread)}>{thread}</a>

const columns = (run: RunDetail): readonly Column<RunRow>[] => [
  {
    header: 'Span',
    cell: ({ lead, span }) => (
      <>
        <span class="tree" aria-hidden="true">
          {lead}
        </span>
        {span.callId === undefined ? span.name : <RowLink href={callPath(span.callId)}>{span.name}</RowLink>}
      </>
    ),
  },
  { header: 'Time', isWide: true, cell: ({ span }) => <WaterfallBar span={span} range={run} /> },
  { header: 'At', align: 'number', cell: ({ span }) => duration(span.startedAt - run.startedAt) },
  { header: 'Took', align: 'number', cell: ({ span }) => duration(span.durationMs) },
  {
    header: 'First byte',
    align: 'number',
    isSecondary: true,
    cell: ({ span }) => span.firstByteMs !== undefined && duration(span.firstByteMs),
  },
  { header: 'Tokens', align: 'number', cell: ({ span }) => span.usage && tokens(span.usage) },
  {
    header: 'Cost',
    align: 'number',
    isSecondary: true,
    cell: ({ span }) => span.kind === 'call' && costText(span.cost),
  },
  { header: 'Link', isSecondary: true, cell: (row) => linkOf(row) },
  {
    header: 'Content',
    isPreview: true,
    cell: (row) => (
      <span class={hasFailed(row) ? 'bad' : undefined}>
        {hasFailed(row) && '✗ '}
        {contentOf(row.span)}
      </span>
    ),
  },
]

/** How it was linked, and whether it is another attempt. */
function linkOf({ span }: RunRow): string {
  if (span.kind !== 'call') return ''
  const attempt = span.attemptOf === undefined ? '' : ', another attempt'
  return `${linkCell(span.link).replaceAll('_', ' ')}${attempt}`
}
