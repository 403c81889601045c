import type { Context, Hono } from 'hono'
import { type Access, accessRequestOf, refusalOf, refusalOfPageWrite } from '../../admin/guard.ts'
import { capitalized } from '../../presentation/capitalized.ts'
import type { Page } from '../layout/page.ts'
import { loginPage } from '../pages/login-page.tsx'
import { noticePage } from '../pages/notice-page.tsx'
import { logIn, logOut } from './login.ts'

/** Far more than any form here has. */
const maxFormBytes = 65_536

export type Show = (
  c: Context,
  page: Page,
  status?: 200 | 400 | 401 | 403 | 404 | 413 | 500 | 503,
) => Response

/** Browsers send forms with their length; without one there is either no body, or one that may be of any length. */
function isShort(c: Context): boolean {
  if (c.req.header('transfer-encoding') !== undefined) return false
  return Number(c.req.header('content-length') ?? 0) <= maxFormBytes
}

/**
 * Lets through who may see the pages, and writes of these pages alone: routes that are added later are behind it. Who only
 * lacks the token is asked for it, at the address of the page.
 */
export function addAccessRoutes(app: Hono, access: Access, show: Show): void {
  const refuse = (c: Context, error: string, status: 403 | 413 = 403) =>
    show(c, noticePage({ title: 'Not here', sentences: [`${capitalized(error)}.`] }), status)
  const tooLong = (c: Context) => refuse(c, 'the form is too long', 413)
  const { token, onLoopback } = access

  app.post('*', async (c, next) => {
    if (!isShort(c)) return tooLong(c)
    const refusal = refusalOfPageWrite(accessRequestOf(c))
    return refusal === undefined ? next() : refuse(c, refusal.error)
  })

  app.post('/login', async (c) => {
    if (onLoopback || token === undefined) return c.redirect('/', 303)
    const { ok, next } = await logIn(c, token)
    return ok ? c.redirect(next, 303) : show(c, loginPage({ next, failed: true }), 401)
  })

  app.use(async (c, next) => {
    const refusal = refusalOf(access, accessRequestOf(c))
    if (refusal === undefined) return next()
    if (refusal.status === 403) return refuse(c, refusal.error)
    const { pathname, search } = new URL(c.req.url)
    return show(c, loginPage({ next: `${pathname}${search}`, failed: false }), 401)
  })

  app.post('/logout', (c) => {
    if (token !== undefined) logOut(c, token)
    return c.redirect('/', 303)
  })
}
