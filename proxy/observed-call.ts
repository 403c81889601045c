import type { IncomingMessage } from 'node:http'
import type { InferenceRecord } from '../shared/record/record.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { type ContextParts, openAttribution } from './attribution/pending-attribution.ts'
import { readPlaces } from './attribution/sources.ts'
import type { ProxyEvents } from './events.ts'
import { tellIds } from './id-headers.ts'
import type { RequestBody } from './ingress/body.ts'
import type { Target } from './ingress/target.ts'
import type { Attempts } from './observe/attempts.ts'
import type { ObservedCall, RelayEnd } from './observe/call.ts'
import type { Capture } from './observe/capture/capture.ts'
import { watchForm } from './observe/form/observe-form.ts'
import { type GuardedObserver, guarded } from './observe/guarded.ts'
import { observe } from './observe/observer.ts'
import { openCall } from './open-call.ts'
import type { RecordsUnderWay } from './pending-records.ts'

export type WatchParts = {
  readonly capture: Capture
  readonly attempts: Attempts
  readonly context: { readonly forCalls: ContextParts }
  readonly underWay: RecordsUnderWay
  readonly clock: Clock
  readonly events: ProxyEvents
  /** Takes a finished record; neither throws nor waits. */
  readonly accept: (record: InferenceRecord) => void
}

/** A call and the one who watches it, from its beginning to its record. */
export type WatchedCall = {
  readonly call: ObservedCall
  readonly observer: Pick<GuardedObserver, 'responseStarted' | 'responseData'>
  /** To be told of each chunk of a body that is not held. */
  requestData(chunk: Buffer): void
  /** What the answer tells the client of its call: name, value, ...; as far as it is known by now. */
  answerFields(): readonly string[]
  /** Makes the record of it and hands it on. Called once, last. */
  ended(end: RelayEnd, requestBytes: number): void
}

/** Begins to watch a call: finds out whose it is, and whether it repeats one that failed. */
export function watchCall(
  incoming: IncomingMessage,
  target: Target,
  body: RequestBody,
  started: Pick<ObservedCall, 'startedAt' | 'startedMonotonic'>,
  { capture, attempts, context, underWay, clock, events, accept }: WatchParts,
): WatchedCall {
  const [bytes, json] = body.kind === 'held' ? [body.bytes, body.json] : []
  const whose = openAttribution(() => readPlaces(incoming.headers, target.threadId, json), context.forCalls)
  const attempt = attempts.begun(openCall(incoming, target, json, whose.soFar(), started), bytes)
  const { call } = attempt
  const observer = guarded(
    () => observe(call, capture, clock),
    (cause) => events.observerFailed(call, cause),
  )
  const form =
    body.kind === 'streamed'
      ? watchForm(incoming.headers, capture, (cause) => events.formUnread(call, cause))
      : undefined
  events.callStarted(call)

  return {
    call,
    observer,
    requestData: (chunk) => form?.requestData(chunk),
    answerFields: () => tellIds(call.id, whose.soFar()),
    ended(end, requestBytes) {
      const accepted = underWay.begin()
      observer.finish(end, requestBytes, (observed) => {
        const record = observed && (form?.tellOf(observed) ?? observed)
        attempt.ended(record)
        events.callEnded(record)
        if (record === undefined) return accepted()
        // What is registered for the thread may come after the answer.
        whose.whenKnown((known) => {
          accept({ ...record, ...known })
          accepted()
        })
      })
    },
  }
}
