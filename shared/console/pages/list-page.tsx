import type { Child } from 'hono/jsx'
import type { Page, Section } from '../layout/page.ts'
import { FilterForm, isNarrowed } from '../parts/filter-form.tsx'
import { type Column, List } from '../parts/list.tsx'
import { Pager } from '../parts/pager.tsx'
import type { ListData } from './list-data.ts'

type ListPage<T> = {
  readonly title: string
  readonly section: Section
  readonly columns: readonly Column<T>[]
  /** Where nothing is recorded at all: what to do next. */
  readonly empty: Child
}

/** A list with its filter above and what is older below. */
export function listPage<T>(data: ListData<T>, { title, section, columns, empty }: ListPage<T>): Page {
  const { found, next, parameters, limit, wrong } = data
  const body = (
    <>
      <h1>{title}</h1>
      <FilterForm path={section} parameters={parameters} wrong={wrong} />
      {found.length > 0 ? (
        <List label={title} columns={columns} rows={found} />
      ) : (
        wrong === undefined && <Nothing data={data} empty={empty} />
      )}
      <Pager path={section} parameters={parameters} next={next} isFull={found.length >= limit} />
    </>
  )
  return { title, section, body, ...(wrong !== undefined && { status: 400 }) }
}

type NothingProps = { readonly data: ListData<unknown>; readonly empty: Child }

function Nothing({ data: { next, parameters }, empty }: NothingProps) {
  if (next !== undefined) return <p class="empty">None of the newest fits.</p>
  if (isNarrowed(parameters))
    return <p class="empty">Nothing that is kept here fits. Ask for less at once.</p>
  if (parameters.before !== undefined) return <p class="empty">Nothing older is kept here.</p>
  return <p class="empty">{empty}</p>
}
