/** A failure as it is declared below. */
export type DeclaredFailure = {
  readonly status: number
  readonly type: string
  /** For the docs. */
  readonly help: string
  /** After which the client may try again. */
  readonly retryAfterSeconds?: number
}

/** The failures of our own. The upstream's errors are not here: they pass through unchanged. */
export const failures = {
  unknown_path: {
    status: 404,
    type: 'invalid_request_error',
    help: 'The path is neither `/v1/...` nor `/<upstream name>/v1/...`, with or without `/t/<thread id>` before it; the message says what the base URL lacks. Slashes too many, `/v1/v1`, and a path of the API without `/v1` are understood.',
  },
  unknown_upstream: {
    status: 404,
    type: 'invalid_request_error',
    help: 'The first path segment is not a name in `UPSTREAMS`.',
  },
  ambiguous_request: {
    status: 400,
    type: 'invalid_request_error',
    help: 'Two servers could read the request differently (two Host headers, a request target that is not a plain path, a Transfer-Encoding other than chunked): it reaches no upstream.',
  },
  unreadable_request: {
    status: 400,
    type: 'invalid_request_error',
    help: 'What came is not HTTP/1.1 that can be read: a malformed head, two lengths, a bare line feed. The connection is closed.',
  },
  data_token_missing: {
    status: 401,
    type: 'authentication_error',
    help: '`DATA_TOKEN` is set, and the request does not have it: neither in `x-threadtap-token` nor as its API key.',
  },
  foreign_page: {
    status: 403,
    type: 'permission_error',
    help: 'The request comes from a page in a browser, or by a name that is not known to be ours: it gets neither our own credentials (`UPSTREAM_API_KEY`, or user, password and query of the upstream in the settings) nor contexts, unless `ALLOWED_ORIGINS` or `ALLOWED_HOSTS` has it.',
  },
  headers_too_large: {
    status: 431,
    type: 'invalid_request_error',
    help: 'The head of the request is over 32 KB. The connection is closed.',
  },
  request_timeout: {
    status: 408,
    type: 'timeout_error',
    help: 'The head of the request did not come within 10 seconds, or its body more slowly than `MIN_UPLOAD_RATE`. The connection is closed.',
  },
  too_many_calls: {
    status: 503,
    type: 'server_error',
    retryAfterSeconds: 1,
    help: 'As many calls are in flight as `MAX_CALLS_IN_FLIGHT` allows.',
  },
  upstream_unreachable: {
    status: 502,
    type: 'api_connection_error',
    help: 'No connection to the upstream: its name did not resolve, it refused, or TLS failed.',
  },
  upstream_closed: {
    status: 502,
    type: 'api_connection_error',
    help: 'The upstream closed the connection before it answered. The request may have been received.',
  },
  upstream_timeout: {
    status: 504,
    type: 'timeout_error',
    help: 'The upstream did not answer within `UPSTREAM_TIMEOUT` seconds.',
  },
  upstream_protocol_error: {
    status: 502,
    type: 'api_connection_error',
    help: 'What the upstream sent is not HTTP.',
  },
  invalid_context: {
    status: 400,
    type: 'invalid_request_error',
    help: 'What was sent to `/_threadtap/contexts/<thread id>` is not a context; `param` names the field.',
  },
  context_too_large: {
    status: 413,
    type: 'invalid_request_error',
    help: 'A context of more than 64 KB.',
  },
  unknown_context: {
    status: 404,
    type: 'invalid_request_error',
    help: 'No context is registered for this thread, or its time is over.',
  },
  context_store_unavailable: {
    status: 503,
    type: 'server_error',
    help: 'What keeps the contexts does not answer: Redis, where `REDIS_URL` is set, else the recorder, which is being started again. Model calls go on without them.',
  },
  internal_error: {
    status: 500,
    type: 'server_error',
    help: 'A defect of threadtap; its log says more.',
  },
} as const satisfies Readonly<Record<string, DeclaredFailure>>

export type FailureCode = keyof typeof failures

export type Failure = {
  readonly code: FailureCode
  readonly message: string
  /** The request field at fault. */
  readonly param?: string | null
}

/**
 * A failure in OpenAI's error shape, so that a client's SDK raises the class for the status.
 * Source: platform.openai.com/docs/guides/error-codes.
 */
export function failureBody({ code, message, param = null }: Failure) {
  return { error: { message: `threadtap: ${message}`, type: failures[code].type, param, code } }
}
