import { STATUS_CODES } from 'node:http'
import { type Failure, failureBody, failures } from './failures.ts'

// By the code of Node's 'clientError' (https://nodejs.org/api/http.html#event-clienterror).
const byCode: Readonly<Record<string, Failure>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', message: 'the head of the request is too large' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request_timeout',
    message: 'the head of the request did not come in time',
  },
}

/** @returns the failure for a request that Node could not parse */
export function malformedRequest(cause: Error): Failure {
  const failure = 'code' in cause ? byCode[String(cause.code)] : undefined
  return failure ?? { code: 'unreadable_request', message: `the request cannot be read: ${cause.message}` }
}

/** A failure as a whole HTTP response, for a connection on which no request was parsed; it closes the connection. */
export function rawResponse(failure: Failure): string {
  const { status } = failures[failure.code]
  const body = JSON.stringify(failureBody(failure))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
