import type { IncomingMessage } from 'node:http'
import type { Failure } from './failures.ts'

const dotSegment = /^[^?]*\/(?:\.|%2e){1,2}(?=[/?]|$)/i

/** Characters of a host and port (RFC 3986 §3.2.2); may be empty. */
const hostName = /^[\w.~!$&'()*+,;=%[\]:-]*$/

/**
 * Rejects requests that two servers could parse differently, which is how requests are smuggled past a proxy. Node's
 * parser rejects most of them itself (both lengths, repeated lengths, line folds, bare line feeds); these it accepts.
 */
export function rejectAmbiguous(incoming: IncomingMessage): { failure: Failure } | undefined {
  const url = incoming.url ?? ''
  // Two slashes at its beginning are judged where the upstreams are known; see target.ts.
  if (!url.startsWith('/')) {
    return ambiguous('the request target must be a path; point the client at this address as its base URL')
  }
  // RFC 3986 §3.3 has neither in a path; some servers take one for the end of it and the other for a slash.
  if (/[#\\]/.test(url)) return ambiguous('the path must not contain "#" or "\\"')
  if (dotSegment.test(url)) return ambiguous('the path must not contain "." or ".." segments')
  // Node accepts any version that it can parse, and none at all (HTTP/0.9).
  if (!/^1\.[01]$/.test(incoming.httpVersion)) return ambiguous('the request must be HTTP/1.1 or HTTP/1.0')
  // An empty one is allowed (RFC 9112 §3.2).
  if (incoming.headers.host === undefined && incoming.httpVersion === '1.1') {
    return ambiguous('an HTTP/1.1 request must have a Host header')
  }
  if (countFields(incoming.rawHeaders, 'host') > 1) return ambiguous('there must be one Host header')
  if (!hostName.test(incoming.headers.host ?? '')) return ambiguous('the Host header must name a host')
  return rejectTransferCoding(incoming)
}

/** Node decodes `chunked` only, and accepts it from HTTP/1.0 too, which does not have it (RFC 9112 §6.1). */
function rejectTransferCoding({ headers, httpVersion }: IncomingMessage): { failure: Failure } | undefined {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (httpVersion === '1.0') return ambiguous('HTTP/1.0 has no Transfer-Encoding')
  return coding.toLowerCase() === 'chunked' ? undefined : ambiguous('Transfer-Encoding must be chunked')
}

const ambiguous = (message: string) => ({ failure: { code: 'ambiguous_request' as const, message } })

function countFields(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at] as string
    if (field.length === name.length && field.toLowerCase() === name) count++
  }
  return count
}
