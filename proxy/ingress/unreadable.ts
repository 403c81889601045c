import { STATUS_CODES } from 'node:http'
import { type Failure, type FailureCode, failureBody, failures } from './failures.ts'

// What Node says of a request that it cannot read (https://nodejs.org/api/http.html#event-clienterror).
const codes: Readonly<Record<string, FailureCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

const messages: Partial<Readonly<Record<FailureCode, string>>> = {
  headers_too_large: 'the head of the request is too large',
  request_timeout: 'the head of the request did not come in time',
}

/** What a request that cannot be read is refused with. */
export function unreadable(cause: Error): Failure {
  const code = ('code' in cause && codes[String(cause.code)]) || 'unreadable_request'
  return { code, message: messages[code] ?? `the request cannot be read: ${cause.message}` }
}

/** A failure as a whole HTTP answer, for a connection on which no request was read. It is the last one there. */
export function rawAnswer(failure: Failure): string {
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
