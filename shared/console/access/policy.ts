import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * Pages show what models and their users wrote, which is hostile text. Escaping keeps it text; this makes a browser refuse
 * what would slip through: no script, style, frame, form or connection but the port's own (CSP level 3), and no sniffing of
 * types. The origin has to stay in the Referer policy: with `no-referrer` browsers send `Origin: null` with forms (Fetch
 * §3.2), and writes are told by their origin.
 */
export const contentPolicy: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  crossOriginResourcePolicy: 'same-origin',
  crossOriginOpenerPolicy: 'same-origin',
  // The port speaks plain HTTP.
  strictTransportSecurity: false,
})
