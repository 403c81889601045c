import { createHmac } from 'node:crypto'
import { parse } from 'hono/utils/cookie'
import { equalStrings } from '../http/equal-strings.ts'

/**
 * A browser that has logged in with ADMIN_TOKEN. The cookie is derived from the token, so that it outlives a restart, ends
 * when the token changes, and does not reveal it.
 */
export type AdminCookie = { readonly name: string; readonly value: string }

export function adminCookie(token: string): AdminCookie {
  const derived = (purpose: string) => createHmac('sha256', token).update(purpose).digest('base64url')
  // Cookies are shared by all ports of a host (RFC 6265 §8.5): two processes with different tokens must not overwrite
  // each other's.
  return { name: `threadtap_${derived('cookie name').slice(0, 8)}`, value: derived('cookie value') }
}

/** @param header the request's Cookie header */
export function hasAdminCookie(token: string, header: string | undefined): boolean {
  if (header === undefined) return false
  const { name, value } = adminCookie(token)
  return equalStrings(parse(header, name)[name] ?? '', value)
}
