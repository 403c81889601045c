import { Hono } from 'hono'
import { hasAdminCookie } from '../admin/admin-cookie.ts'
import type { AdminParts } from '../admin/admin-parts.ts'
import type { Examine } from '../admin/examination.ts'
import type { Pages } from '../admin/pages.ts'
import { noRoute } from '../admin/sentences.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { addAccessRoutes, type Show } from './access/access-routes.ts'
import { contentPolicy } from './access/policy.ts'
import { readAssets } from './assets.ts'
import { htmlDocument } from './layout/document.tsx'
import { addOperationsRoutes } from './operations-routes.ts'
import { noticePage } from './pages/notice-page.tsx'
import { addStoreRoutes } from './store-routes.ts'

/** What the pages need of the process, beside what its API shows. */
export type ConsoleParts = AdminParts & {
  readonly now: () => number
  /** URL of the data port, for commands that call it, where it is in this process: `http://127.0.0.1:4010`. */
  readonly dataUrl?: string
  /** Base URL of the Langfuse that records go to. */
  readonly langfuseUrl?: string
  /** What `threadtap doctor` asks of other servers, for who wants to know it now. */
  readonly examine?: Examine
}

/** The pages of the admin port, for browsers: the same data as its API, behind the same guard. */
export function createConsole(parts: ConsoleParts): Pages {
  const { token, onLoopback, events, calls, now, dataUrl, langfuseUrl, examine } = parts
  const assets = readAssets()
  const app = new Hono()
  const show: Show = (c, page, status = 200) => {
    const canLogOut = !onLoopback && token !== undefined && hasAdminCookie(token, c.req.header('cookie'))
    return c.html(htmlDocument(page, { assets: assets.path, now: now(), canLogOut }), status)
  }

  app.use(contentPolicy)
  app.route('/', assets.routes)
  app.use(async (c, next) => {
    // What was said is for whoever looks now, not for the disk of a browser.
    c.header('cache-control', 'no-store')
    await next()
  })
  addAccessRoutes(app, parts, show)

  app.get('/', (c) => c.redirect(parts.live === undefined ? '/calls' : '/live', 302))
  addOperationsRoutes(app, omitUndefined({ admin: parts, now, show, examine }))
  addStoreRoutes(app, omitUndefined({ store: calls, now, show, dataUrl, langfuseUrl }))

  app.notFound((c) => {
    // Programs, and people at a terminal, get the API's kind of answer.
    if (!(c.req.header('accept') ?? '').includes('text/html')) return c.json({ error: noRoute }, 404)
    return show(c, noticePage({ title: 'Nothing is here', sentences: ['The pages are linked above.'] }), 404)
  })
  app.onError((cause, c) => {
    events.requestFailed(c.req.path, cause)
    return show(c, noticePage({ title: 'That failed', sentences: [failed] }), 500)
  })
  return app
}

const failed = 'The page failed inside threadtap; the cause is in its log.'
