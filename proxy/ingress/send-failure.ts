import type { ServerResponse } from 'node:http'
import { type DeclaredFailure, type Failure, failureBody, failures } from './failures.ts'

/** Responds to a request with a failure. Does nothing once the response head has been sent. */
export function sendFailure(
  outgoing: ServerResponse,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  // Where an ambiguous request ends is unknown, and a slow one may never end: their connections cannot serve another one.
  const isLast = failure.code === 'ambiguous_request' || failure.code === 'request_timeout'
  const body = JSON.stringify(failureBody(failure))
  outgoing.writeHead(failures[failure.code].status, {
    ...headers,
    ...retryAfter(failures[failure.code]),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(isLast ? { connection: 'close' } : {}),
  })
  outgoing.end(body)
  // The remaining body is read and discarded: closing a connection whose client still sends would lose the response.
  if (!isLast) outgoing.req.resume()
}

const retryAfter = ({ retryAfterSeconds }: DeclaredFailure): Readonly<Record<string, string>> =>
  retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
