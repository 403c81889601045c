import type { Context, Hono } from 'hono'
import type { AdminParts } from '../admin/admin-parts.ts'
import type { Replay } from '../admin/dead-letters.ts'
import type { Examine } from '../admin/examination.ts'
import { noLive } from '../admin/sentences.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { capitalized } from '../presentation/capitalized.ts'
import type { Show } from './access/access-routes.ts'
import { createExamination } from './health/examination.ts'
import { readHealth } from './health/read-health.ts'
import { healthPage } from './pages/health-page.tsx'
import { livePage } from './pages/live-page.tsx'
import { noticePage } from './pages/notice-page.tsx'

type OperationsParts = {
  readonly admin: AdminParts
  readonly now: () => number
  readonly show: Show
  readonly examine?: Examine
}

/** The pages of what goes on now: calls in flight, and how the process is. */
export function addOperationsRoutes(app: Hono, { admin, now, show, examine }: OperationsParts): void {
  const { live, dead } = admin
  const examination = examine && createExamination(examine, now)

  app.get('/live', (c) => {
    if (live !== undefined) return show(c, livePage(live.snapshot()))
    const sentences = [`${capitalized(noLive)}.`, 'Look at the admin port of a proxy.']
    return show(c, noticePage({ title: 'No calls go by here', sentences, section: '/live' }), 404)
  })

  app.get('/health', async (c) => {
    const outcome = outcomeIn(c)
    const health = await readHealth(admin)
    return show(c, healthPage(omitUndefined({ health, now: now(), outcome, servers: examination?.last() })))
  })

  // Not with GET: it makes this process ask others, which no foreign page shall be able to make it do.
  app.post('/health/examine', async (c) => {
    await examination?.run()
    return c.redirect('/health#servers', 303)
  })

  if (dead === undefined) return

  // Answered with a page of its own address, so that a reload sends nothing again.
  app.post('/health/dead/replay', async (c) => {
    const id = await idIn(c)
    return c.redirect(
      outcomePath(id === undefined ? { delivered: 0, failed: 0 } : await dead.replay([id])),
      303,
    )
  })

  app.post('/health/dead/replay-all', async (c) => c.redirect(outcomePath(await dead.replay()), 303))

  app.post('/health/dead/purge', async (c) => {
    const id = await idIn(c)
    const purged = id === undefined ? 0 : await dead.purge([id])
    return c.redirect(`/health?purged=${purged}`, 303)
  })
}

async function idIn(c: Context): Promise<string | undefined> {
  const { id } = await c.req.parseBody()
  return typeof id === 'string' && id !== '' ? id : undefined
}

const outcomePath = ({ delivered, failed }: Replay): string =>
  `/health?delivered=${delivered}&failed=${failed}`

/** Numbers alone are taken from the address: anybody can write one. */
function outcomeIn(c: Context): string | undefined {
  const count = (name: string): number | undefined => {
    const value = c.req.query(name)
    return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined
  }
  const [delivered, failed, purged] = [count('delivered'), count('failed'), count('purged')]
  if (purged !== undefined) return purged === 0 ? 'Nothing was purged: it is not here any more.' : 'Purged.'
  if (delivered === undefined) return undefined
  const kept = failed
    ? ` ${failed} could not be delivered, and ${failed === 1 ? 'is' : 'are'} still here.`
    : ''
  return `${delivered} delivered.${kept}`
}
