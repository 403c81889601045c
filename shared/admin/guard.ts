import type { MiddlewareHandler } from 'hono'
import { equalStrings } from '../http/equal-strings.ts'
import { namesLoopback } from '../http/loopback.ts'

export type Access = {
  /** Whether only this machine can reach the admin port. */
  readonly onLoopback: boolean
  readonly token?: string
}

type Refusal = { readonly status: 401 | 403; readonly error: string }

/**
 * Whether a request may see calls or counts. On loopback the caller is on this machine already, which
 * leaves web pages in its browser to reject; elsewhere the bearer token decides.
 * @returns undefined where it may
 */
export function refusalOf(
  { onLoopback, token }: Access,
  header: (name: string) => string | undefined,
): Refusal | undefined {
  const origin = header('origin')
  const host = header('host')
  // Browsers send the origin of the page; only pages of this port are let in.
  if (origin !== undefined && hostOf(origin) !== host) {
    return { status: 403, error: 'pages of other origins may not ask here' }
  }
  if (onLoopback) {
    // DNS rebinding: a page's own host name can resolve to 127.0.0.1, but the Host header still names it.
    if (namesLoopback(host)) return undefined
    return { status: 403, error: 'ask for localhost or 127.0.0.1: the Host header names something else' }
  }
  if (token === undefined) {
    return { status: 403, error: 'closed, because ADMIN_HOST is not loopback and no ADMIN_TOKEN is set' }
  }
  if (equalStrings(header('authorization') ?? '', `Bearer ${token}`)) return undefined
  return { status: 401, error: 'Authorization: Bearer <ADMIN_TOKEN> is needed here' }
}

/** Protects the routes that show calls or counts. */
export function guard(access: Access): MiddlewareHandler {
  return async (c, next) => {
    const refusal = refusalOf(access, (name) => c.req.header(name))
    if (refusal === undefined) return next()
    if (refusal.status === 401) c.header('www-authenticate', 'Bearer')
    return c.json({ error: refusal.error }, refusal.status)
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
