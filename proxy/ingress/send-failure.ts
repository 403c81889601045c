import type { ServerResponse } from 'node:http'
import { type Failure, failureBody, failures } from './failures.ts'

/** Answers a request with a failure. Does nothing where an answer has begun. */
export function sendFailure(
  outgoing: ServerResponse,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  // Where an ambiguous request ends is not sure, so its connection cannot serve another one.
  const isUnsure = failure.code === 'ambiguous_request'
  const body = JSON.stringify(failureBody(failure))
  outgoing.writeHead(failures[failure.code].status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(isUnsure ? { connection: 'close' } : {}),
  })
  outgoing.end(body)
  // The rest of a body is read and thrown away: a connection that is closed while its client still sends takes
  // the answer with it.
  if (!isUnsure) outgoing.req.resume()
}
