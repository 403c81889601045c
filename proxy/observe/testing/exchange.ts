import type { InferenceRecord } from '../../../shared/record/record.ts'
import { type StillClock, stillClock } from '../../../shared/testing/still-clock.ts'
import type { RelayEnd } from '../../tape/relay-end.ts'
import type { Call } from '../call.ts'
import { createCallObserver } from '../call-observer.ts'
import type { Capture } from '../capture/capture.ts'

/** A call with defaults for every field that is not given. */
export function aCall(given: Partial<Call> = {}): Call {
  return {
    id: '0'.repeat(32),
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    context: { tags: [], metadata: {} },
    operation: 'chat',
    method: 'POST',
    route: '/v1/chat/completions',
    provider: 'openai',
    upstream: 'default',
    retry: 0,
    startedAt: 1_790_000_000_000,
    startedMonotonic: 0,
    ...given,
  }
}

export type Exchange = {
  readonly call?: Partial<Call>
  readonly capture?: Partial<Capture>
  readonly clock?: StillClock
  /** Time between two chunks, in ms. */
  readonly paceMs?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly chunks: readonly (Buffer | string)[]
  readonly end?: RelayEnd
}

export const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' }
export const json = { 'content-type': 'application/json' }

/** Observes an exchange that is not compressed. @returns its record */
export function recordOfExchange(exchange: Exchange): InferenceRecord {
  const record = observeExchange(exchange)
  if (record instanceof Promise) throw new Error('a compressed exchange needs asyncRecordOfExchange')
  return record
}

/** Observes any exchange. @returns its record */
export const asyncRecordOfExchange = async (exchange: Exchange): Promise<InferenceRecord> =>
  observeExchange(exchange)

function observeExchange(exchange: Exchange): InferenceRecord | Promise<InferenceRecord> {
  const { call, capture, clock = stillClock(), paceMs = 1, status = 200, headers = eventStream } = exchange
  const observer = createCallObserver(aCall(call), { content: 'full', maxBytes: 1_048_576, ...capture })
  observer.responseStarted(status, headers)
  for (const chunk of exchange.chunks) {
    clock.advance(paceMs)
    observer.responseData(Buffer.from(chunk), clock.monotonic())
  }
  clock.advance(paceMs)
  return observer.finish(exchange.end ?? { kind: 'relayed' }, 0, clock.monotonic())
}

/** @returns the text of an event stream with these events and `[DONE]` */
export const sse = (...events: readonly object[]): string =>
  `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
