import { type Context, Hono } from 'hono'
import { omitUndefined } from '../omit-undefined.ts'
import type { Found, Search } from './call-search.ts'
import { type CallStore, CallsUnavailable, noSuchCall } from './call-store.ts'
import { limitOf } from './limit.ts'
import { noSuchRun } from './runs.ts'
import { filterOf, WrongFilter } from './search-params.ts'

/**
 * `/threads`, `/calls` and `/runs` (summaries), with a filter (search-params.ts), `&limit=` and `&before=`; `/calls/<id>` (the
 * record, its cost and delivery) and `/runs/<id>` (its spans as a tree). A list that goes on says where in its `Link` header.
 */
export function callRoutes(store: CallStore): Hono {
  const routes = new Hono()

  routes.get('/threads', async (c) => list(c, await store.searchThreads(searchOf(c))))
  routes.get('/calls', async (c) => list(c, await store.searchCalls(searchOf(c))))
  routes.get('/runs', async (c) => list(c, await store.searchRuns(searchOf(c))))

  routes.get('/calls/:id', async (c) => {
    const call = await store.call(c.req.param('id'))
    return call ? c.json(call) : c.json({ error: noSuchCall }, 404)
  })

  routes.get('/runs/:id', async (c) => {
    const run = await store.run(c.req.param('id'))
    return run ? c.json(run) : c.json({ error: noSuchRun }, 404)
  })

  routes.onError((cause, c) => {
    if (cause instanceof CallsUnavailable) return c.json({ error: cause.message }, 503)
    if (cause instanceof WrongFilter) return c.json({ error: cause.message }, 400)
    throw cause
  })
  return routes
}

function searchOf(c: Context): Search {
  const query = c.req.query()
  return { ...filterOf(query, Date.now()), ...omitUndefined({ before: query.before }), limit: limitOf(c) }
}

/** The summaries, and the address of the next page (RFC 8288). */
function list<T>(c: Context, { found, next }: Found<T>): Response {
  if (next !== undefined) {
    const query = new URLSearchParams({ ...c.req.query(), before: next })
    c.header('link', `<${c.req.path}?${query}>; rel="next"`)
  }
  return c.json(found)
}
