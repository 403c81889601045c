import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { withoutBearer } from '../../../shared/http/bearer-token.ts'
import { equalStrings } from '../../../shared/http/equal-strings.ts'
import { credentialHeaders } from '../../attribution/names/credential-headers.ts'
import { subprotocolField, subprotocolKey, withoutSubprotocolKey } from './subprotocol-key.ts'

/** For clients that send a key of their upstream besides. */
export const tokenField = 'x-threadtap-token'

/**
 * Takes DATA_TOKEN off a request, so that it is neither forwarded nor recorded: it is in a field of its own, in the place of
 * the API key that SDKs send, a WebSocket's subprotocol included, or in both.
 * @returns whether the request had it
 */
export function takeDataToken({ headers, rawHeaders }: IncomingMessage, token: string): boolean {
  let hadIt = false
  for (const name of [tokenField, ...credentialHeaders]) {
    const value = headers[name]
    if (typeof value !== 'string' || !equalStrings(withoutBearer(value), token)) continue
    delete headers[name]
    removeField(rawHeaders, name)
    hadIt = true
  }
  return takeFromSubprotocols(headers, rawHeaders, token) || hadIt
}

function takeFromSubprotocols(headers: IncomingHttpHeaders, rawHeaders: string[], token: string): boolean {
  const offered = headers[subprotocolField]
  const key = subprotocolKey(offered)
  if (offered === undefined || key === undefined || !equalStrings(key, token)) return false
  const left = withoutSubprotocolKey(offered)
  delete headers[subprotocolField]
  removeField(rawHeaders, subprotocolField)
  if (left !== undefined) {
    headers[subprotocolField] = left
    rawHeaders.push(subprotocolField, left)
  }
  return true
}

function removeField(rawHeaders: string[], name: string): void {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === name) rawHeaders.splice(at, 2)
  }
}
