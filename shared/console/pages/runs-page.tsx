import type { RunSummary } from '../../admin/runs.ts'
import { costText, duration, inAndOut, shortId } from '../../presentation/cells.ts'
import { runPath, threadPath } from '../addresses/paths.ts'
import type { Page } from '../layout/page.ts'
import { Failures } from '../parts/failures.tsx'
import type { Column } from '../parts/list.tsx'
import { RowLink } from '../parts/row-link.tsx'
import { When } from '../parts/when.tsx'
import type { ListData } from './list-data.ts'
import { listPage } from './list-page.tsx'

/** Agent runs, the one with the newest call first. */
export const runsPage = (data: ListData<RunSummary>): Page =>
  listPage(data, { title: 'Runs', section: '/runs', columns: columns(data.now), empty: <NoRuns /> })

function NoRuns() {
  return (
    <>
      No runs are recorded yet. Calls that follow one another, by tool results or a repeated history, become
      one by themselves unless <code>STITCH=off</code> is set; single calls are under Calls.
    </>
  )
}

const columns = (now: number): readonly Column<RunSummary>[] => [
  { header: 'Run', cell: ({ id, agent }) => <RowLink href={runPath(id)}>{agent ?? shortId(id)}</RowLink> },
  { header: 'Began', cell: ({ startedAt }) => <When at={startedAt} now={now} /> },
  {
    header: 'Thread',
    isSecondary: true,
    isName: true,
    cell: ({ thread }) => <a href={threadPath(thread)}>{thread}</a>,
  },
  { header: 'Turn', isSecondary: true, cell: ({ turn, turns }) => `${turn}/${turns}` },
  { header: 'Input', isPreview: true, cell: ({ input }) => input },
  { header: 'Output', isPreview: true, cell: ({ output }) => output },
  { header: 'Calls', align: 'number', cell: ({ calls }) => calls },
  { header: 'Tools', align: 'number', cell: ({ tools }) => tools },
  { header: 'Errors', align: 'number', cell: ({ errors }) => <Failures count={errors} /> },
  { header: 'Took', align: 'number', cell: ({ durationMs }) => duration(durationMs) },
  { header: 'Tokens', align: 'number', cell: ({ tokens }) => inAndOut(tokens.input, tokens.output) },
  { header: 'Cost', align: 'number', isSecondary: true, cell: ({ cost }) => costText(cost) },
]
