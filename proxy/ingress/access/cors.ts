import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { tokenField } from './data-token.ts'
import { isAllowedOrigin, type PageRules } from './foreign-page.ts'

/** A request that a browser sends for a page of ALLOWED_ORIGINS. */
export type PageRequest = {
  /** Asks whether a request may follow; it has neither token nor key, and no upstream would know the answer. */
  readonly isPreflight: boolean
  /** Without them the browser keeps the response from the page. */
  readonly headers: OutgoingHttpHeaders
}

/** Ours, and what SDKs read; the others stay hidden from pages. */
const exposed = [
  ...['x-call-id', 'x-trace-id', 'x-thread-id', 'x-session-id', 'x-request-id', 'request-id', 'retry-after'],
  ...['retry-after-ms', 'x-should-retry', 'openai-processing-ms', 'location'],
].join(', ')

const preflightSeconds = 600

/**
 * The Fetch standard's CORS protocol (§3.2), for pages that ALLOWED_ORIGINS lets in. An upstream's own headers of that kind
 * take precedence.
 * @returns undefined for every other request
 */
export function pageRequest(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  rules: Pick<PageRules, 'allowedOrigins'>,
): PageRequest | undefined {
  const { origin } = headers
  if (origin === undefined || !isAllowedOrigin(origin, rules)) return undefined
  const allowed = { 'access-control-allow-origin': origin, vary: 'Origin' }
  const requestMethod = headers['access-control-request-method']
  if (method !== 'OPTIONS' || requestMethod === undefined) {
    return { isPreflight: false, headers: { ...allowed, 'access-control-expose-headers': exposed } }
  }
  return {
    isPreflight: true,
    headers: {
      ...allowed,
      'access-control-allow-methods': requestMethod,
      'access-control-allow-headers':
        headers['access-control-request-headers'] ?? `authorization, content-type, ${tokenField}`,
      'access-control-max-age': String(preflightSeconds),
      // From a public page to a private address (Chrome's Private Network Access).
      ...(headers['access-control-request-private-network'] !== undefined && {
        'access-control-allow-private-network': 'true',
      }),
    },
  }
}
