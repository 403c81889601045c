import type { IncomingMessage } from 'node:http'
import type { Failure } from './failures.ts'

const dotSegment = /\/(?:\.|%2e){1,2}(?=[/?]|$)/i

/**
 * Finds requests that two servers could read differently: they are how requests are smuggled past a proxy.
 * Node's parser refuses most of them by itself; it accepts two Host fields and absolute targets.
 */
export function refuseAmbiguous(incoming: IncomingMessage): { failure: Failure } | undefined {
  const url = incoming.url ?? ''
  if (!url.startsWith('/') || url.startsWith('//')) {
    return ambiguous('the request target must be a path; point the client at this address as its base URL')
  }
  if (dotSegment.test(url)) return ambiguous('the path must not contain "." or ".." segments')
  if (countFields(incoming.rawHeaders, 'host') > 1) return ambiguous('there must be one Host header')
  return undefined
}

const ambiguous = (message: string) => ({ failure: { code: 'ambiguous_request' as const, message } })

function countFields(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count++
  return count
}
