import type { IncomingHttpHeaders } from 'node:http'
import { credentialHeaders } from '../../attribution/names/credential-headers.ts'
import { subprotocolField, subprotocolKey } from './subprotocol-key.ts'

/** @returns whether a client sends a key of its own, so that ours is not lent */
export const sendsCredentials = (headers: IncomingHttpHeaders): boolean =>
  credentialHeaders.some((name) => headers[name] !== undefined) ||
  subprotocolKey(headers[subprotocolField]) !== undefined
