import { type Dispatcher, request } from 'undici'
import { isJsonObject, parseJson } from '../../../shared/json.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { connectionFailed, httpVerdict } from '../http-verdict.ts'
import { delivered, failed, forAll, type Verdict } from '../sink.ts'
import { exportRequest, type ResourceAndScope, type Span } from './otlp-json.ts'

export type OtlpTarget = {
  /** Including `/v1/traces`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly resourceAndScope: ResourceAndScope
  readonly clock: Clock
  readonly dispatcher?: Dispatcher
}

/** The spans of one record. */
type Spans = readonly Span[]

/**
 * One export request for all records (OTLP/HTTP with JSON, https://opentelemetry.io/docs/specs/otlp/#otlphttp).
 * Rejects only when the signal aborts.
 */
export function otlpTransport(target: OtlpTarget) {
  const { url, headers, resourceAndScope, clock, dispatcher } = target
  return async (records: readonly Spans[], signal: AbortSignal): Promise<readonly Verdict[]> => {
    const spans = records.flat()
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: exportRequest(resourceAndScope, spans),
        signal,
        ...(dispatcher === undefined ? {} : { dispatcher }),
      })
      const { statusCode: status } = response
      const body = await response.body.text()
      if (status >= 200 && status < 300) return forAll(records, readSuccess(body, spans.length))
      const retryAfter = [response.headers['retry-after']].flat()[0]
      return forAll(records, httpVerdict({ status, retryAfter, body }, clock.now()))
    } catch (cause) {
      if (signal.aborted) throw cause
      return forAll(records, connectionFailed(cause))
    }
  }
}

/**
 * A success may be partial, without naming the rejected spans. Bisecting finds them; spans that were accepted
 * arrive again under the same ids. An HTML page is not a success: the URL leads to some other server.
 */
export function readSuccess(body: string, spans: number): Verdict {
  if (/^\s*</.test(body))
    return failed({ kind: 'held', reason: 'an HTML page instead of an OTLP response: wrong URL?' })
  const response = parseJson(body)
  const partial = isJsonObject(response) ? response.partialSuccess : undefined
  if (!isJsonObject(partial) || Number(partial.rejectedSpans ?? 0) === 0) return delivered
  const reason = `${partial.rejectedSpans} of ${spans} spans rejected: ${partial.errorMessage ?? ''}`
  return failed({ kind: 'refused', reason })
}
