import type { Context, Hono } from 'hono'
import type { CallFilter, Found, Search } from '../admin/call-search.ts'
import { type CallStore, CallsUnavailable } from '../admin/call-store.ts'
import { filterOf, WrongFilter } from '../admin/search-params.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Show } from './access/access-routes.ts'
import { readConversation } from './data/conversation.ts'
import type { Page, Section } from './layout/page.ts'
import { callPage } from './pages/call-page.tsx'
import { callsPage } from './pages/calls-page.tsx'
import type { ListData } from './pages/list-data.ts'
import { runPage } from './pages/run-page.tsx'
import { runsPage } from './pages/runs-page.tsx'
import { noStorePage, unavailablePage, unknownPage } from './pages/store-notices.ts'
import { threadPage } from './pages/thread-page.tsx'
import { threadsPage } from './pages/threads-page.tsx'
import { addRawRoutes } from './raw-routes.ts'

export type StoreRoutesParts = {
  /** Absent in a process that keeps no calls. */
  readonly store?: CallStore
  readonly now: () => number
  readonly show: Show
  readonly dataUrl?: string
  readonly langfuseUrl?: string
}

/** @returns undefined where what is asked for is not kept here */
type PageOfStore = (store: CallStore, c: Context) => Promise<Page | undefined>

const rowsOfList = 100
const callsOfThreadPage = 20

/** Pages over the local store; where there is none they say so. */
export function addStoreRoutes(app: Hono, parts: StoreRoutesParts): void {
  const { store, now, show, dataUrl, langfuseUrl } = parts

  function get(path: string, section: Section, pageOf: PageOfStore): void {
    app.get(path, async (c) => {
      if (store === undefined) return show(c, noStorePage(section), 404)
      try {
        const page = await pageOf(store, c)
        if (page === undefined) return show(c, unknownPage(section), 404)
        return show(c, page, page.status)
      } catch (cause) {
        if (cause instanceof CallsUnavailable) return show(c, unavailablePage(cause.message, section), 503)
        throw cause
      }
    })
  }

  /** @returns what an address asks for, found; an empty list with the reason where it is not understood */
  async function listOf<T>(c: Context, find: (search: Search) => Promise<Found<T>>): Promise<ListData<T>> {
    const parameters = c.req.query()
    const data = { parameters, limit: rowsOfList, now: now() }
    try {
      const filter: CallFilter = filterOf(parameters, data.now)
      return { ...data, ...(await find({ ...filter, ...before(c), limit: rowsOfList })) }
    } catch (cause) {
      if (cause instanceof WrongFilter) return { ...data, found: [], wrong: `${cause.message}.` }
      throw cause
    }
  }

  get('/calls', '/calls', async (calls, c) => callsPage(await listOf(c, calls.searchCalls)))
  get('/threads', '/threads', async (calls, c) => threadsPage(await listOf(c, calls.searchThreads)))
  get('/runs', '/runs', async (calls, c) => runsPage(await listOf(c, calls.searchRuns)))

  get('/calls/:id', '/calls', async (calls, c) => {
    const call = await calls.call(c.req.param('id') ?? '')
    if (call === undefined) return undefined
    const parentId = call.link?.parentCallId
    const parent = parentId === undefined ? undefined : await calls.call(parentId)
    const whole = c.req.query('whole') !== undefined
    return callPage({ ...omitUndefined({ parent, langfuseUrl, dataUrl }), call, whole, now: now() })
  })

  get('/thread', '/threads', async (calls, c) => {
    const query = { thread: c.req.query('id') ?? '', limit: callsOfThreadPage, ...before(c) }
    const conversation = await readConversation(calls, query)
    const isFirstPage = c.req.query('before') === undefined
    return conversation && threadPage({ ...conversation, now: now(), isFirstPage })
  })

  get('/runs/:id', '/runs', async (calls, c) => {
    const run = await calls.run(c.req.param('id') ?? '')
    return run && runPage({ run, now: now() })
  })

  if (store !== undefined) addRawRoutes(app, store, dataUrl)
}

const before = (c: Context): { before?: string } => omitUndefined({ before: c.req.query('before') })
