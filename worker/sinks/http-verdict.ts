import { codeOf, reasonOf } from '../../shared/error-cause.ts'
import { bodyExcerpt } from './body-excerpt.ts'
import { failed, type Verdict } from './sink.ts'

/** What decides the verdict of a response. */
export type HttpResponse = {
  readonly status: number
  readonly retryAfter?: string | undefined
  readonly body: string
}

/**
 * Classifies a response that is not a success. It is the same for OTLP and for Langfuse's own API, except
 * that OTLP calls only 429, 502, 503 and 504 retryable: a 500 of Langfuse is its Redis or its blob storage.
 * @param nowMs wall clock, for a Retry-After with a date
 */
export function httpVerdict(response: HttpResponse, nowMs: number): Verdict {
  const { status } = response
  const reason = `HTTP ${status}: ${bodyExcerpt(response.body)}`
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfter(response.retryAfter, nowMs)
    return failed({ kind: 'retryable', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  }
  if (status === 413) return failed({ kind: 'oversized', reason })
  if (status === 404 || status === 405) return failed({ kind: 'held', reason, wrongProtocol: true })
  // 402 and 403 are about plans and permissions, redirects about a wrong base URL: no record is to blame.
  if (status === 401 || status === 402 || status === 403 || status < 400) {
    return failed({ kind: 'held', reason })
  }
  return failed({ kind: 'refused', reason })
}

/** A failed connection says nothing about the records. */
export function connectionFailed(cause: unknown): Verdict {
  return failed({ kind: 'retryable', reason: codeOf(cause) ?? reasonOf(cause) })
}

/** @returns ms to wait, from seconds or a date (RFC 9110 section 10.2.3) */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
