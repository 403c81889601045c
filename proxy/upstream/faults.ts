import { errors } from 'undici'
import { unwrapAggregate } from '../../shared/error-cause.ts'
import type { CallError } from '../../shared/record/record.ts'
import { isCodingError } from '../content-codings/codings.ts'
import type { FailureCode } from '../ingress/failures.ts'

/** What failed between us and the upstream. */
export type UpstreamFault = {
  readonly code: Extract<
    FailureCode,
    'upstream_unreachable' | 'upstream_closed' | 'upstream_timeout' | 'upstream_protocol_error'
  >
  readonly message: string
}

const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
])

const notHttp = [
  errors.HTTPParserError,
  errors.HeadersOverflowError,
  // undici also reports any parse error in a response with a length as this.
  errors.ResponseContentLengthMismatchError,
]

/** Classifies what undici, a socket or TLS threw; the only place that does. */
export function upstreamFault(cause: unknown, origin: string): UpstreamFault {
  const error = unwrapAggregate(cause)
  const code = 'code' in error ? String(error.code) : error.name
  if (error instanceof errors.ConnectTimeoutError) {
    return { code: 'upstream_unreachable', message: `no connection to ${origin} in time` }
  }
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return { code: 'upstream_timeout', message: `${origin} was silent for longer than UPSTREAM_TIMEOUT` }
  }
  if (unreachable.has(code) || isTls(code) || failedToConnect(error)) {
    return { code: 'upstream_unreachable', message: `no connection to ${origin}: ${error.message || code}` }
  }
  if (isCodingError(error)) {
    return {
      code: 'upstream_protocol_error',
      message: `${origin} sent a response that is not in its content-encoding: ${error.message}`,
    }
  }
  if (notHttp.some((kind) => error instanceof kind)) {
    return {
      code: 'upstream_protocol_error',
      message: `${origin} does not speak HTTP as expected: ${error.message}`,
    }
  }
  return { code: 'upstream_closed', message: `${origin} closed the connection: ${error.message || code}` }
}

/** Before anything was sent, whatever the code: EMFILE and ETIMEDOUT may come later, too. */
const failedToConnect = (error: Error): boolean =>
  'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')

/** The same for the record. */
export const callError = (fault: UpstreamFault): CallError => ({ type: fault.code, message: fault.message })

const isTls = (code: string): boolean => /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|UNABLE_TO|SELF_SIGNED)/.test(code)
