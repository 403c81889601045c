import type { Context, Hono } from 'hono'
import { type CallStore, CallsUnavailable } from '../admin/call-store.ts'
import { noStore } from '../admin/sentences.ts'
import type { Show } from './access/access-routes.ts'
import type { Page, Section } from './layout/page.ts'
import { callsPage } from './pages/calls-page.tsx'
import { noticePage } from './pages/notice-page.tsx'

type StoreRoutesParts = {
  /** Absent in a process that keeps no calls. */
  readonly store?: CallStore
  readonly now: () => number
  readonly show: Show
}

/** @returns undefined where what is asked for is not kept here */
type PageOfStore = (store: CallStore, c: Context) => Promise<Page | undefined>

/** Pages over the local store; where there is none they say so. */
export function addStoreRoutes(app: Hono, { store, now, show }: StoreRoutesParts): void {
  function get(path: string, section: Section, pageOf: PageOfStore): void {
    app.get(path, async (c) => {
      if (store === undefined) return show(c, noStorePage(section), 404)
      try {
        const page = await pageOf(store, c)
        return page === undefined ? show(c, unknownPage(section), 404) : show(c, page)
      } catch (cause) {
        if (cause instanceof CallsUnavailable) return show(c, unavailablePage(cause, section), 503)
        throw cause
      }
    })
  }

  get('/calls', '/calls', async (calls) =>
    callsPage({ calls: (await calls.searchCalls({ limit: 100 })).found, now: now() }),
  )
}

const noStorePage = (section: Section): Page =>
  noticePage({
    title: 'No calls are kept in this process',
    sentences: [
      `${capitalized(noStore)}.`,
      'Look at the admin port of a worker, or leave LOCAL_STORE at "on" where threadtap start runs everything.',
    ],
    section,
  })

const unknownPage = (section: Section): Page =>
  noticePage({
    title: 'Not kept here',
    sentences: [
      'It was never recorded here, or it was among the oldest and had to make room for newer calls.',
    ],
    section,
  })

const unavailablePage = (cause: CallsUnavailable, section: Section): Page =>
  noticePage({
    title: 'The calls cannot be read now',
    sentences: [
      `${capitalized(cause.message)}.`,
      'threadtap tries again by itself: reload the page in a minute.',
    ],
    section,
  })

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
