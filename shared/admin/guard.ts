import type { MiddlewareHandler } from 'hono'
import { equalStrings } from '../http/equal-strings.ts'
import { namesLoopback } from '../http/loopback.ts'

export type Access = {
  /** Whether only this machine can reach the admin port. */
  readonly onLoopback: boolean
  readonly token?: string
}

/**
 * Protects the routes that show calls or counts. On loopback the caller is on this machine already, which
 * leaves web pages in its browser to reject; elsewhere the bearer token decides.
 */
export function guard({ onLoopback, token }: Access): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin')
    const host = c.req.header('host')
    // Browsers send the origin of the page; only pages of this port are let in.
    if (origin !== undefined && hostOf(origin) !== host) {
      return c.json({ error: 'pages of other origins may not ask here' }, 403)
    }
    if (onLoopback) {
      // DNS rebinding: a page's own host name can resolve to 127.0.0.1, but the Host header still names it.
      if (namesLoopback(host)) return next()
      return c.json({ error: 'ask for localhost or 127.0.0.1: the Host header names something else' }, 403)
    }
    if (token === undefined) {
      return c.json({ error: 'closed, because ADMIN_HOST is not loopback and no ADMIN_TOKEN is set' }, 403)
    }
    if (equalStrings(c.req.header('authorization') ?? '', `Bearer ${token}`)) return next()
    c.header('www-authenticate', 'Bearer')
    return c.json({ error: 'Authorization: Bearer <ADMIN_TOKEN> is needed here' }, 401)
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
