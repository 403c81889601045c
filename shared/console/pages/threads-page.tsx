import type { ThreadSummary } from '../../admin/call-store.ts'
import { costText, inAndOut } from '../../presentation/cells.ts'
import { threadPath } from '../addresses/paths.ts'
import type { Page } from '../layout/page.ts'
import { Failures } from '../parts/failures.tsx'
import type { Column } from '../parts/list.tsx'
import { NoCalls } from '../parts/no-calls.tsx'
import { RowLink } from '../parts/row-link.tsx'
import { When } from '../parts/when.tsx'
import type { ListData } from './list-data.ts'
import { listPage } from './list-page.tsx'

/** Conversations, the one with the newest call first. */
export const threadsPage = (data: ListData<ThreadSummary>): Page =>
  listPage(data, { title: 'Threads', section: '/threads', columns: columns(data.now), empty: <NoCalls /> })

const columns = (now: number): readonly Column<ThreadSummary>[] => [
  {
    header: 'Thread',
    isPreview: true,
    cell: ({ thread }) => <RowLink href={threadPath(thread)}>{thread}</RowLink>,
  },
  { header: 'Last call', cell: ({ lastAt }) => <When at={lastAt} now={now} /> },
  { header: 'First call', isSecondary: true, cell: ({ firstAt }) => <When at={firstAt} now={now} /> },
  { header: 'Named by', isSecondary: true, cell: ({ kind }) => kind },
  { header: 'Calls', align: 'number', cell: ({ calls }) => calls },
  { header: 'Errors', align: 'number', cell: ({ errors }) => <Failures count={errors} /> },
  { header: 'Tokens', align: 'number', cell: ({ tokens }) => inAndOut(tokens.input, tokens.output) },
  { header: 'Cost', align: 'number', cell: ({ cost }) => costText(cost) },
  { header: 'Users', isSecondary: true, isName: true, cell: ({ users }) => users.join(', ') },
  { header: 'Sessions', isSecondary: true, isName: true, cell: ({ sessions }) => sessions.join(', ') },
  { header: 'Models', isPreview: true, cell: ({ models }) => models.join(', ') },
]
