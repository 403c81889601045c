import type { RunDetail } from '../../shared/admin/runs.ts'
import { costText, duration, linkCell, tokens } from '../../shared/presentation/cells.ts'
import { contentOf, hasFailed, type RunRow, runFacts, runRows } from '../../shared/presentation/run-rows.ts'
import { labelled } from '../terminal/block.ts'
import { priceNote } from '../terminal/price-note.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { type Column, table } from '../terminal/table.ts'

/** What is known of a run, and its spans as a tree with their times, counted from the run's start. */
export function runText(run: RunDetail, screen: Screen): string {
  const { width, now } = screen
  const rows = runRows(run)
  return [
    labelled(runFacts(run, now), width),
    '\n',
    table(columns(run.startedAt), rows, width, paintOf(screen)),
    priceNote([run.cost], screen),
  ].join('')
}

const columns = (startedAt: number): Column<RunRow>[] => [
  { header: 'SPAN', minWidth: 24, prefix: ({ lead }) => lead, cell: ({ span }) => span.name },
  { header: 'AT', align: 'right', cell: ({ span }) => duration(span.startedAt - startedAt) },
  { header: 'TOOK', align: 'right', cell: ({ span }) => duration(span.durationMs) },
  {
    header: 'TOKENS',
    align: 'right',
    cell: ({ span }) => (span.usage ? tokens(span.usage) : ''),
    leftOut: 2,
  },
  {
    header: 'COST',
    align: 'right',
    cell: ({ span }) => (span.kind === 'call' ? costText(span.cost) : ''),
    leftOut: 1,
  },
  { header: 'LINK', minWidth: 8, cell: ({ span }) => (span.kind === 'call' ? linkCell(span.link) : '') },
  {
    header: 'CONTENT',
    minWidth: 16,
    maxWidth: 60,
    cell: ({ span }) => contentOf(span),
    style: (row) => (hasFailed(row) ? 'red' : undefined),
  },
]
