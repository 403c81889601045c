import { readBegin, readCallId, writeBegin } from '../tape/messages.ts'

/** Stands in a crash journal in the place of credentials. No client can send it: it is none of the headers that are recorded. */
export const tenantHeader = 'threadtap-tenant'

/**
 * @param payload the beginning of a call whose credentials nobody has hashed
 * @returns it, with a tenant of its own, so that the call is linked to no other
 */
export const beginOfUnknownTenant = (payload: Buffer): string =>
  `${payload.toString('latin1')}\n${tenantHeader}\n${readCallId(payload)}`

/**
 * @param payload the beginning of a call of which nobody has redacted anything
 * @returns it, without all that its client wrote: path and header fields
 */
export function beginOfUnknownCaller(payload: Buffer): string {
  const begin = readBegin(payload)
  return writeBegin({ ...begin, route: '/', pathThread: '', headers: [tenantHeader, begin.id] })
}
