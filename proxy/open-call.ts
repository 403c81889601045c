import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Json } from '../shared/json.ts'
import { newRecordId } from '../shared/record/ids.ts'
import type { Attribution } from './attribution/attribution.ts'
import type { Target } from './ingress/target.ts'
import type { Call } from './observe/call.ts'

/**
 * Creates the Call that every later stage receives: its ids, attribution and destination.
 * @param attribution as far as it is resolved
 */
export function openCall(
  incoming: IncomingMessage,
  target: Target,
  body: Json | undefined,
  attribution: Attribution,
  started: Pick<Call, 'startedAt' | 'startedMonotonic'>,
): Call {
  const clientId = clientIdOf(incoming.headers)
  return {
    id: newRecordId(started.startedAt),
    ...attribution,
    operation: target.operation,
    method: incoming.method ?? 'GET',
    route: target.route,
    provider: target.upstream.provider,
    upstream: target.upstream.name,
    retry: retryCount(incoming.headers['x-stainless-retry-count']),
    ...(clientId === undefined ? {} : { clientId }),
    ...(body === undefined ? {} : { body }),
    ...started,
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
