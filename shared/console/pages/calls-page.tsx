import type { CallSummary } from '../../admin/call-store.ts'
import { costText, duration, linkCell, tokens } from '../../presentation/cells.ts'
import { callPath, threadPath } from '../addresses/paths.ts'
import type { Page } from '../layout/page.ts'
import { Ending } from '../parts/ending.tsx'
import type { Column } from '../parts/list.tsx'
import { NoCalls } from '../parts/no-calls.tsx'
import { RowLink } from '../parts/row-link.tsx'
import { When } from '../parts/when.tsx'
import type { ListData } from './list-data.ts'
import { listPage } from './list-page.tsx'

/** Calls, newest first. */
export const callsPage = (data: ListData<CallSummary>): Page =>
  listPage(data, { title: 'Calls', section: '/calls', columns: columns(data.now), empty: <NoCalls /> })

const columns = (now: number): readonly Column<CallSummary>[] => [
  {
    header: 'Began',
    cell: ({ id, startedAt }) => (
      <RowLink href={callPath(id)}>
        <When at={startedAt} now={now} />
      </RowLink>
    ),
  },
  { header: 'Ended', cell: ({ ending }) => <Ending ending={ending} /> },
  { header: 'Model', cell: ({ model, operation }) => model ?? operation },
  { header: 'Took', align: 'number', cell: ({ durationMs }) => duration(durationMs) },
  { header: 'Tokens', align: 'number', cell: ({ usage }) => tokens(usage) },
  { header: 'Input', isPreview: true, cell: ({ input }) => input },
  { header: 'Output', isPreview: true, cell: ({ output, error }) => error ?? output },
  {
    header: 'Thread',
    isSecondary: true,
    isName: true,
    cell: ({ thread }) => <a href={threadPath(thread)}>{thread}</a>,
  },
  { header: 'User', isSecondary: true, isName: true, cell: ({ userId }) => userId },
  { header: 'Agent', isSecondary: true, isName: true, cell: ({ agent, agentKey }) => agent ?? agentKey },
  {
    header: 'First content',
    align: 'number',
    isSecondary: true,
    cell: ({ firstTokenMs }) => (firstTokenMs === undefined ? '-' : duration(firstTokenMs)),
  },
  { header: 'Cost', align: 'number', isSecondary: true, cell: ({ cost }) => costText(cost) },
  { header: 'Link', isSecondary: true, cell: ({ link }) => linkCell(link).replaceAll('_', ' ') },
]
