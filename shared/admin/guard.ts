import type { Context, MiddlewareHandler } from 'hono'
import { withoutBearer } from '../http/bearer-token.ts'
import { equalStrings } from '../http/equal-strings.ts'
import { namesLoopback } from '../http/loopback.ts'
import { hasAdminCookie } from './admin-cookie.ts'

export type Access = {
  /** Whether only this machine can reach the admin port. */
  readonly onLoopback: boolean
  readonly token?: string
}

export type Refusal = { readonly status: 401 | 403; readonly error: string }

/** What the decision depends on. */
export type AccessRequest = {
  readonly method: string
  readonly header: (name: string) => string | undefined
}

export const accessRequestOf = ({ req }: Context): AccessRequest => ({
  method: req.method,
  header: (name) => req.header(name),
})

/**
 * Whether a request may see calls or counts. On loopback the caller is on this machine already, which
 * leaves web pages in its browser to reject; elsewhere the bearer token decides, or the cookie that it was exchanged for.
 * @returns undefined where it may
 */
export function refusalOf(access: Access, request: AccessRequest): Refusal | undefined {
  return foreignOrigin(request) ?? (access.onLoopback ? foreignHost(request) : noToken(access, request))
}

/** Browsers send the origin of the page; only pages of this port are let in. */
function foreignOrigin({ header }: AccessRequest): Refusal | undefined {
  const origin = header('origin')
  const isForeign = origin === undefined ? isLoadedElsewhere(header) : hostOf(origin) !== header('host')
  return isForeign ? { status: 403, error: 'pages of other origins may not ask here' } : undefined
}

/** As a picture, script or frame of another site, by which it could learn what there is. A link that leads here is none. */
const isLoadedElsewhere = (header: AccessRequest['header']): boolean =>
  /^(cross-site|same-site)$/.test(header('sec-fetch-site') ?? '') &&
  !(header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document')

/** DNS rebinding: a page's own host name can resolve to 127.0.0.1, but the Host header still names it. */
function foreignHost({ header }: AccessRequest): Refusal | undefined {
  if (namesLoopback(header('host'))) return undefined
  return { status: 403, error: 'ask for localhost or 127.0.0.1: the Host header names something else' }
}

function noToken({ token }: Access, request: AccessRequest): Refusal | undefined {
  const { header } = request
  if (token === undefined) {
    return { status: 403, error: 'closed, because ADMIN_HOST is not loopback and no ADMIN_TOKEN is set' }
  }
  const authorization = header('authorization') ?? ''
  const given = withoutBearer(authorization)
  // A token alone, without the scheme, is no authorization.
  if (given !== authorization && equalStrings(given, token)) return undefined
  if (!hasAdminCookie(token, header('cookie'))) {
    return { status: 401, error: 'Authorization: Bearer <ADMIN_TOKEN> is needed here' }
  }
  return refusalOfPageWrite(request)
}

/**
 * A write by a page: its browser sends the cookie along by itself, and on loopback needs none, so that only the origin of
 * the page tells who asks.
 * @returns undefined where it may
 */
export function refusalOfPageWrite(request: AccessRequest): Refusal | undefined {
  return foreignOrigin(request) ?? (writesWithoutOrigin(request) ? noOrigin : undefined)
}

const writesWithoutOrigin = ({ method, header }: AccessRequest): boolean =>
  method !== 'GET' && method !== 'HEAD' && header('origin') === undefined

const noOrigin: Refusal = { status: 403, error: 'a write from a browser needs the Origin header' }

/** Protects the routes that show calls or counts. */
export function guard(access: Access): MiddlewareHandler {
  return async (c, next) => {
    const refusal = refusalOf(access, accessRequestOf(c))
    if (refusal === undefined) return next()
    if (refusal.status === 401) c.header('www-authenticate', 'Bearer')
    return c.json({ error: refusal.error }, refusal.status)
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
