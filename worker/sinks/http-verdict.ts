import { codeOf, reasonOf } from '../../shared/error-cause.ts'
import { type Delivery, failed } from './sink.ts'

/** What a transport saw of an answer. */
export type HttpAnswer = {
  readonly status: number
  readonly retryAfter?: string | undefined
  readonly text: string
}

const longestReason = 300

/**
 * Classifies an answer that is not a success. It is the same for OTLP and for Langfuse's own API, except
 * that OTLP calls only 429, 502, 503 and 504 retryable: a 500 of Langfuse is its Redis or its blob storage.
 * @param nowMs wall clock, for a Retry-After that names a date
 */
export function verdictOf(answer: HttpAnswer, nowMs: number): Delivery {
  const { status } = answer
  const reason = `HTTP ${status}: ${firstLine(answer.text)}`
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs)
    return failed({ kind: 'retryable', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  }
  if (status === 413) return failed({ kind: 'oversized', reason })
  if (status === 404 || status === 405) return failed({ kind: 'held', reason, wrongProtocol: true })
  // 402 and 403 speak of plans and permissions, redirects of a wrong base URL: no record is to blame.
  if (status === 401 || status === 402 || status === 403 || status < 400) {
    return failed({ kind: 'held', reason })
  }
  return failed({ kind: 'refused', reason })
}

/** A connection that failed says nothing about the records. */
export function unreachable(cause: unknown): Delivery {
  return failed({ kind: 'retryable', reason: codeOf(cause) ?? reasonOf(cause) })
}

/** @returns ms to wait, from seconds or a date (RFC 9110 section 10.2.3) */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

function firstLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestReason)
}
