import type { ServerResponse } from 'node:http'
import { type DeclaredFailure, type Failure, failureBody, failures } from './failures.ts'

/** Responds to a request with a failure. Does nothing once the response head has been sent. */
export function sendFailure(
  outgoing: ServerResponse,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  // Where an ambiguous request ends is unknown, so its connection cannot serve another one.
  const isAmbiguous = failure.code === 'ambiguous_request'
  const body = JSON.stringify(failureBody(failure))
  outgoing.writeHead(failures[failure.code].status, {
    ...headers,
    ...retryAfter(failures[failure.code]),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(isAmbiguous ? { connection: 'close' } : {}),
  })
  outgoing.end(body)
  // The remaining body is read and discarded: closing a connection whose client still sends would lose the response.
  if (!isAmbiguous) outgoing.req.resume()
}

const retryAfter = ({ retryAfterSeconds }: DeclaredFailure): Readonly<Record<string, string>> =>
  retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
