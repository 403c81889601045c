import type { IncomingMessage } from 'node:http'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { type ContextParts, openAttribution } from './attribution/pending-attribution.ts'
import { readSources } from './attribution/sources.ts'
import type { ProxyEvents } from './events.ts'
import { idHeaders } from './id-headers.ts'
import type { RequestBody } from './ingress/body.ts'
import type { Target } from './ingress/target.ts'
import type { Attempts } from './observe/attempts.ts'
import type { Call, RelayEnd } from './observe/call.ts'
import { createCallObserver } from './observe/call-observer.ts'
import type { Capture } from './observe/capture/capture.ts'
import { createFormObserver } from './observe/form/form-observer.ts'
import { type GuardedObserver, guardObserver } from './observe/guard-observer.ts'
import { openCall } from './open-call.ts'
import type { PendingRecords } from './pending-records.ts'

export type ObservationParts = {
  readonly capture: Capture
  readonly attempts: Attempts
  readonly context: { readonly forCalls: ContextParts }
  readonly pendingRecords: PendingRecords
  readonly clock: Clock
  readonly events: ProxyEvents
  /** Takes a finished record; neither throws nor blocks. */
  readonly accept: (record: InferenceRecord) => void
}

/** A call and its observer, from its start to its record. */
export type ObservedCall = {
  readonly call: Call
  readonly observer: Pick<GuardedObserver, 'responseStarted' | 'responseData'>
  /** Call with each chunk of a streamed request body. */
  requestData(chunk: Buffer): void
  /** The ids that the response carries: name, value, ...; as far as the attribution is resolved. */
  extraHeaders(): readonly string[]
  /** Completes the record and passes it to `accept`. Called once, last. */
  end(end: RelayEnd, requestBytes: number): void
}

/** Starts to observe a call: resolves its attribution, and whether it is another attempt at a failed call. */
export function observeCall(
  incoming: IncomingMessage,
  target: Target,
  body: RequestBody,
  started: Pick<Call, 'startedAt' | 'startedMonotonic'>,
  { capture, attempts, context, pendingRecords, clock, events, accept }: ObservationParts,
): ObservedCall {
  const [bytes, json] = body.kind === 'held' ? [body.bytes, body.json] : []
  const attribution = openAttribution(
    () => readSources(incoming.headers, target.threadId, json),
    context.forCalls,
  )
  const attempt = attempts.begin(openCall(incoming, target, json, attribution.current(), started), bytes)
  const { call } = attempt
  const observer = guardObserver(
    () => createCallObserver(call, capture, clock),
    (cause) => events.observerFailed(call, cause),
  )
  const form =
    body.kind === 'streamed'
      ? createFormObserver(incoming.headers, capture, (cause) => events.formObserverFailed(call, cause))
      : undefined
  events.callStarted(call)

  return {
    call,
    observer,
    requestData: (chunk) => form?.requestData(chunk),
    extraHeaders: () => idHeaders(call.id, attribution.current()),
    end(end, requestBytes) {
      const settled = pendingRecords.begin()
      observer.finish(end, requestBytes, (observed) => {
        const record = observed && (form?.applyTo(observed) ?? observed)
        attempt.end(record)
        events.callEnded(record)
        if (record === undefined) return settled()
        // The thread's registered context may be looked up only after the response has ended.
        attribution.whenComplete((complete) => {
          accept({ ...record, ...complete })
          settled()
        })
      })
    },
  }
}
