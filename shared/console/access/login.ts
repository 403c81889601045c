import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { adminCookie } from '../../admin/admin-cookie.ts'
import { equalStrings } from '../../http/equal-strings.ts'

const attributes = { httpOnly: true, sameSite: 'Strict', path: '/' } as const

/** @returns whether the form has the token; then the response sets the cookie that stands for it */
export async function logIn(c: Context, token: string): Promise<{ ok: boolean; next: string }> {
  const form = await c.req.parseBody()
  const next = localPath(typeof form.next === 'string' ? form.next : '')
  const ok = typeof form.token === 'string' && equalStrings(form.token, token)
  if (ok) {
    const { name, value } = adminCookie(token)
    setCookie(c, name, value, attributes)
  }
  return { ok, next }
}

export function logOut(c: Context, token: string): void {
  deleteCookie(c, adminCookie(token).name, attributes)
}

/** @returns the path and query of a URL of this port; `/` for any other, as a form can be made to send one */
function localPath(url: string): string {
  const here = 'http://here.invalid'
  if (!URL.canParse(url, here)) return '/'
  const { origin, pathname, search } = new URL(url, here)
  return origin === here ? `${pathname}${search}` : '/'
}
