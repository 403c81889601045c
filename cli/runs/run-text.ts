import type { RunDetail, RunSpan } from '../../shared/admin/runs.ts'
import { costText, duration, inAndOut, linkCell, localTime, tokens } from '../../shared/presentation/cells.ts'
import { labelled } from '../terminal/block.ts'
import { priceNote } from '../terminal/price-note.ts'
import { paintOf, type Screen } from '../terminal/screen.ts'
import { type Column, table } from '../terminal/table.ts'

/** What is known of a run, and its spans as a tree with their times, counted from the run's start. */
export function runText(run: RunDetail, screen: Screen): string {
  const { width, now } = screen
  const rows = run.spans.flatMap((span) => treeRows(span, '', ''))
  return [
    labelled(factsOf(run, now), width),
    '\n',
    table(columns(run.startedAt), rows, width, paintOf(screen)),
    priceNote([run.cost], screen),
  ].join('')
}

function factsOf(run: RunDetail, now: number): readonly (readonly [label: string, text: string])[] {
  const counts = [
    counted(run.calls, 'call'),
    counted(run.tools, 'tool'),
    counted(run.errors, 'error'),
    `tokens ${inAndOut(run.tokens.input, run.tokens.output)}`,
    `cost ${costText(run.cost)}`,
  ]
  return [
    ['RUN', run.id],
    ['BEGAN', `${localTime(run.startedAt, now)}, took ${duration(run.durationMs)}`],
    ['TURN', `${run.turn} of ${run.turns} of conversation ${run.conversationId}`],
    ['COUNTS', counts.join(', ')],
  ]
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** @property lead the lines of the tree before the span's name */
type Row = { readonly lead: string; readonly span: RunSpan }

function treeRows(span: RunSpan, lead: string, leadBelow: string): readonly Row[] {
  const last = span.spans.at(-1)
  const below = span.spans.flatMap((child) =>
    child === last
      ? treeRows(child, `${leadBelow}└─ `, `${leadBelow}   `)
      : treeRows(child, `${leadBelow}├─ `, `${leadBelow}│  `),
  )
  return [{ lead, span }, ...below]
}

const hasFailed = ({ span }: Row): boolean =>
  span.error !== undefined ||
  (span.ending !== undefined && span.ending !== 'completed' && span.ending !== 'running')

/** Of a call what was answered, of a tool what it was called with and gave. Agents show both in their calls. */
function contentOf({ kind, error, input, output }: RunSpan): string {
  if (kind === 'tool') return `${input ?? ''} ─▶ ${error === undefined ? '' : `${error}: `}${output ?? ''}`
  return error ?? output ?? ''
}

const columns = (startedAt: number): Column<Row>[] => [
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
