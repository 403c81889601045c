import { type Dispatcher, request } from 'undici'
import { isJsonObject, parseJson } from '../../../shared/json.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { unreachable, verdictOf } from '../http-verdict.ts'
import { type Delivery, delivered, failed, forAll } from '../sink.ts'
import { exportRequest, type Origin, type Span } from './otlp-json.ts'

export type OtlpTarget = {
  /** The whole URL, `/v1/traces` included. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly origin: Origin
  readonly clock: Clock
  readonly dispatcher?: Dispatcher
}

/** Each record's spans. */
type Spans = readonly Span[]

/**
 * One export request for all records (OTLP/HTTP with JSON, https://opentelemetry.io/docs/specs/otlp/#otlphttp).
 * Rejects only when the signal aborts.
 */
export function otlpTransport({ url, headers, origin, clock, dispatcher }: OtlpTarget) {
  return async (records: readonly Spans[], signal: AbortSignal): Promise<readonly Delivery[]> => {
    try {
      const {
        statusCode,
        headers: answered,
        body,
      } = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: exportRequest(origin, records.flat()),
        signal,
        ...(dispatcher === undefined ? {} : { dispatcher }),
      })
      const text = await body.text()
      const retryAfter = [answered['retry-after']].flat()[0]
      const verdict =
        statusCode >= 200 && statusCode < 300
          ? successOf(text, records.flat().length)
          : verdictOf({ status: statusCode, retryAfter, text }, clock.now())
      return forAll(records, verdict)
    } catch (cause) {
      if (signal.aborted) throw cause
      return forAll(records, unreachable(cause))
    }
  }
}

/**
 * A success may still have left spans out, without telling which. Sending halves finds them; what was taken
 * already arrives again under the same ids. A web page is no success: some other server lives there.
 */
function successOf(text: string, spans: number): Delivery {
  if (/^\s*</.test(text)) return failed({ kind: 'held', reason: 'a web page answered: wrong URL?' })
  const answer = parseJson(text)
  const partial = isJsonObject(answer) ? answer.partialSuccess : undefined
  if (!isJsonObject(partial) || Number(partial.rejectedSpans ?? 0) === 0) return delivered
  const reason = `${partial.rejectedSpans} of ${spans} spans rejected: ${partial.errorMessage ?? ''}`
  return failed({ kind: 'refused', reason })
}
