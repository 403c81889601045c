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
  readonly underWay: PendingRecords
  readonly clock: Clock
  readonly events: ProxyEvents
  /** Takes a finished record; neither throws nor waits. */
  readonly accept: (record: InferenceRecord) => void
}

/** A call and the one who watches it, from its beginning to its record. */
export type ObservedCall = {
  readonly call: Call
  readonly observer: Pick<GuardedObserver, 'responseStarted' | 'responseData'>
  /** To be told of each chunk of a body that is not held. */
  requestData(chunk: Buffer): void
  /** What the answer tells the client of its call: name, value, ...; as far as it is known by now. */
  extraHeaders(): readonly string[]
  /** Makes the record of it and hands it on. Called once, last. */
  ended(end: RelayEnd, requestBytes: number): void
}

/** Begins to watch a call: finds out whose it is, and whether it repeats one that failed. */
export function observeCall(
  incoming: IncomingMessage,
  target: Target,
  body: RequestBody,
  started: Pick<Call, 'startedAt' | 'startedMonotonic'>,
  { capture, attempts, context, underWay, clock, events, accept }: ObservationParts,
): ObservedCall {
  const [bytes, json] = body.kind === 'held' ? [body.bytes, body.json] : []
  const whose = openAttribution(() => readSources(incoming.headers, target.threadId, json), context.forCalls)
  const attempt = attempts.begin(openCall(incoming, target, json, whose.current(), started), bytes)
  const { call } = attempt
  const observer = guardObserver(
    () => createCallObserver(call, capture, clock),
    (cause) => events.observerFailed(call, cause),
  )
  const form =
    body.kind === 'streamed'
      ? createFormObserver(incoming.headers, capture, (cause) => events.formUnread(call, cause))
      : undefined
  events.callStarted(call)

  return {
    call,
    observer,
    requestData: (chunk) => form?.requestData(chunk),
    extraHeaders: () => idHeaders(call.id, whose.current()),
    ended(end, requestBytes) {
      const accepted = underWay.begin()
      observer.finish(end, requestBytes, (observed) => {
        const record = observed && (form?.applyTo(observed) ?? observed)
        attempt.end(record)
        events.callEnded(record)
        if (record === undefined) return accepted()
        // What is registered for the thread may come after the answer.
        whose.whenComplete((known) => {
          accept({ ...record, ...known })
          accepted()
        })
      })
    },
  }
}
