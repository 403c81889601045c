import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../shared/json.ts'
import type { Attribution } from '../attribution/attribution.ts'
import type { Call } from '../observe/call.ts'
import type { CallBegin } from '../tape/messages.ts'

/**
 * Creates the Call that every later stage receives: its ids, attribution and destination.
 * @param startedMonotonic ms on the relay's clock
 * @param attribution as far as it is resolved
 */
export function openCall(
  begin: CallBegin,
  startedMonotonic: number,
  provider: string,
  headers: IncomingHttpHeaders,
  body: Json | undefined,
  attribution: Attribution,
): Call {
  const clientId = clientIdOf(headers)
  return {
    id: begin.id,
    trace: attribution.trace,
    context: attribution.context,
    operation: begin.operation,
    method: begin.method,
    route: begin.route,
    provider,
    upstream: begin.upstream,
    retry: retryCount(headers['x-stainless-retry-count']),
    ...(clientId === undefined ? {} : { clientId }),
    ...(body === undefined ? {} : { body }),
    startedAt: begin.startedAt,
    startedMonotonic,
  }
}

/** OpenAI's SDKs send the number of their own retries in this header. */
function retryCount(header: string | string[] | undefined): number {
  const count = Number(header)
  return Number.isInteger(count) && count > 0 ? count : 0
}

/** Clients that set an id send the same one with each attempt. */
function clientIdOf(headers: IncomingHttpHeaders): string | undefined {
  for (const id of [headers['idempotency-key'], headers['x-request-id']]) {
    if (typeof id === 'string' && id !== '') return id.slice(0, 200).toWellFormed()
  }
  return undefined
}
