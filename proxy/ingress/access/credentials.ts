import type { IncomingHttpHeaders } from 'node:http'

/** Header fields in which clients send a key of an upstream. */
export const credentialFields = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'] as const

/** @returns whether a client sends a key of its own, so that ours is not lent */
export const sendsCredentials = (headers: IncomingHttpHeaders): boolean =>
  credentialFields.some((name) => headers[name] !== undefined)
