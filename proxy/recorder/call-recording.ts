import { percentDecoded } from '../../shared/http/percent-decoded.ts'
import { isJsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Output } from '../../shared/record/output.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { headerMap } from '../attribution/header-map.ts'
import {
  type ContextParts,
  openAttribution,
  type PendingAttribution,
} from '../attribution/pending-attribution.ts'
import { readSources } from '../attribution/sources.ts'
import type { Generations } from '../generations/generations.ts'
import type { CallInFlight, OpenCall } from '../live/call-in-flight.ts'
import type { Attempt, Attempts } from '../observe/attempts.ts'
import type { Call } from '../observe/call.ts'
import { createCallObserver } from '../observe/call-observer.ts'
import type { Capture } from '../observe/capture/capture.ts'
import type { MediaCollector } from '../observe/capture/media-collector.ts'
import { type ResultWatcher, watchFetchedResult } from '../observe/fetched-result.ts'
import { createFormObserver, type FormObserver } from '../observe/form/form-observer.ts'
import { type GuardedObserver, guardObserver } from '../observe/guard-observer.ts'
import type { ObservedExchange } from '../stitching/stitch-record.ts'
import type { Stitching } from '../stitching/stitching.ts'
import { type CallBegin, type CallEnd, readBegin, readEnd, readResponseHead } from '../tape/messages.ts'
import type { FrameWatcher } from '../usage-reporting/frame-shape.ts'
import { createFrameWatcher } from '../usage-reporting/frame-shape.ts'
import { reportingModel } from '../usage-reporting/reporting.ts'
import type { ReportingMemory } from '../usage-reporting/reporting-memory.ts'
import type { BodyRoom } from './body-room.ts'
import { type CallerHeaders, callerHeaders } from './caller-scope.ts'
import { readDescribedBody } from './described-body.ts'
import { openCall } from './open-call.ts'
import type { PendingRecords } from './pending-records.ts'
import type { RecorderEvents } from './recorder-events.ts'
import { TapedBody } from './taped-body.ts'
import { hasUsageOption, usageEvidence } from './usage-evidence.ts'
import { withRelayFacts } from './with-relay-facts.ts'

export type RecordingParts = {
  /** OpenTelemetry's name of the provider behind each upstream, by the upstream's name. */
  readonly providers: ReadonlyMap<string, string>
  readonly capture: Capture
  readonly bodyRoom: BodyRoom
  /** Collects the media of one call (CAPTURE_MEDIA=upload); absent where they are only described. */
  readonly collectMedia?: () => MediaCollector
  readonly attempts: Attempts
  readonly contexts: ContextParts
  readonly pendingRecords: PendingRecords
  readonly reporting: Pick<ReportingMemory, 'observe'>
  readonly generations: Generations
  /** Absent with STITCH=off. */
  readonly stitching?: Stitching
  readonly events: RecorderEvents
  /** Takes a finished record; neither throws nor blocks. */
  readonly accept: (record: InferenceRecord) => void
  /** REDACT */
  readonly redact: (record: InferenceRecord) => InferenceRecord
  /** A call is done with that has no record. */
  readonly onNoRecord: (callId: string | undefined) => void
}

/** A call whose attribution is being resolved and whose response is read as it comes. */
type Opened = {
  readonly attribution: PendingAttribution
  readonly attempt: Attempt
  readonly observer: GuardedObserver
  readonly form: FormObserver | undefined
  /** Present for operations whose streams can be asked for their usage. */
  readonly frames: FrameWatcher | undefined
  /** Present for a call that fetches what another one generates. */
  readonly result: ResultWatcher | undefined
  readonly media: MediaCollector | undefined
  /** The request, and the response once it has been read, as linking needs them. */
  readonly exchange: () => ObservedExchange
}

/** One call, from what the relay wrote of it to its record. */
export class CallRecording implements OpenCall {
  lastAt: number
  readonly #parts: RecordingParts
  readonly #begin: CallBegin
  readonly #caller: CallerHeaders
  readonly #startedMonotonic: number
  readonly #body = new TapedBody()
  /** Of the request: for which there was room, and for which there was none. */
  readonly #bodyBytes = { held: 0, leftOut: 0 }
  #opened: Opened | undefined

  /**
   * @param at when the call started, ms on the relay's clock
   * @param credentials what the client sent of them; empty where it sent none
   */
  constructor(payload: Buffer, at: number, parts: RecordingParts, credentials: string) {
    this.#parts = parts
    this.#begin = readBegin(payload)
    this.#caller = callerHeaders(this.#begin.headers, credentials)
    this.#startedMonotonic = at
    this.lastAt = at
    if (this.#begin.body !== 'held') this.#open()
  }

  get id(): string {
    return this.#begin.id
  }

  look(): CallInFlight {
    const [begin, startedAt, lastAt] = [this.#begin, this.#startedMonotonic, this.lastAt]
    const opened = this.#opened
    if (opened === undefined) return { begin, startedAt, lastAt }
    const progress = opened.observer.progress()
    return { begin, startedAt, lastAt, call: opened.attempt.call, ...omitUndefined({ progress }) }
  }

  requestData(chunk: Buffer): void {
    if (this.#begin.body === 'held') this.#hold(chunk)
    else this.#open().form?.requestData(chunk)
  }

  /** What the call's thread is known for can be looked up while the upstream is answering. */
  requestEnd(): void {
    this.#open()
  }

  requestNotHeld(): void {
    this.#dropBody()
  }

  responseHead(payload: Buffer): void {
    const { status, fields } = readResponseHead(payload)
    this.#open().observer.responseStarted(status, lastByName(fields))
  }

  responseData(chunk: Buffer, at: number): void {
    this.#open().observer.responseData(chunk, at)
  }

  /** Completes the record and passes it to `accept`, now or soon. */
  end(payload: Buffer, at: number): void {
    const taped = readEnd(payload)
    if (taped.requestShed > 0) this.#dropBody()
    const opened = this.#open()
    const end = { ...taped, requestShed: taped.requestShed + this.#bodyBytes.leftOut }
    this.#countShed(end)
    const settled = this.#parts.pendingRecords.begin()
    const finish = (): void => this.#finish(opened, end, at, settled)
    // The streams of a form's parts emit what they have within this turn of the event loop.
    if (opened.form === undefined) finish()
    else setImmediate(finish)
  }

  #countShed({ requestShed, responseShed }: CallEnd): void {
    const { events } = this.#parts
    if (requestShed > 0) events.bodyLeftOut('request', requestShed)
    if (responseShed > 0) events.bodyLeftOut('response', responseShed)
  }

  #finish(opened: Opened, end: CallEnd, at: number, settled: () => void): void {
    const { attribution, attempt, observer, form, media } = opened
    const { events, onNoRecord } = this.#parts
    observer.finish(end.end, end.requestBytes, at, (observed) => {
      this.#giveRoom()
      const record = observed && withRelayFacts(form?.applyTo(observed) ?? observed, end)
      media?.close()
      attempt.end(record)
      this.#learnUsage(opened, record, end)
      events.callEnded(record)
      if (record === undefined) {
        media?.discard()
        onNoRecord(this.id)
        return settled()
      }
      // The thread's registered context may be looked up only after the response has ended.
      attribution.whenComplete((complete) => {
        this.#stitch(opened, { ...record, ...complete, ...mediaOf(media) }, settled)
      })
    })
  }

  /** Puts the record into its run, now or soon, and passes it on. */
  #stitch(opened: Opened, attributed: InferenceRecord, settled: () => void): void {
    const { accept, redact, stitching } = this.#parts
    const passOn = (record: InferenceRecord): void => {
      const redacted = redact(record)
      accept(redacted)
      this.#settleGeneration(opened, redacted)
      settled()
    }
    if (stitching === undefined) passOn(attributed)
    else stitching.complete(attributed, opened.exchange(), passOn)
  }

  /** A generation whose result is not known yet, or the result of one. */
  #settleGeneration({ result }: Opened, record: InferenceRecord): void {
    const { generations, events } = this.#parts
    try {
      const fetched = result?.read(record)
      if (fetched === undefined) generations.recorded(record)
      else generations.fetched(record, fetched)
    } catch (cause) {
      events.recordingFailed(cause)
    }
  }

  /** What the call shows of its upstream; the relay waits for that of one that was sent to learn. */
  #learnUsage({ attempt, frames }: Opened, record: InferenceRecord | undefined, end: CallEnd): void {
    if (frames === undefined) return
    const { upstream, operation, route, body } = attempt.call
    const evidence = usageEvidence(body, record, end, frames.read())
    const model = reportingModel(operation, isJsonObject(body) ? body.model : undefined, route)
    if (evidence === undefined || model === undefined) return
    this.#parts.reporting.observe(upstream, model, evidence, end.usageOption === 'tried')
  }

  /** Where there is no room for all of a body, nothing of it is kept: half of a JSON text says nothing. */
  #hold(chunk: Buffer): void {
    if (this.#bodyBytes.leftOut === 0 && this.#parts.bodyRoom.take(chunk.length)) {
      this.#bodyBytes.held += chunk.length
      this.#body.add(chunk)
      return
    }
    this.#bodyBytes.leftOut += this.#bodyBytes.held + chunk.length
    this.#dropBody()
  }

  #dropBody(): void {
    this.#body.drop()
    this.#giveRoom()
  }

  #giveRoom(): void {
    this.#parts.bodyRoom.give(this.#bodyBytes.held)
    this.#bodyBytes.held = 0
  }

  /** The call has no record. */
  discard(): void {
    this.#giveRoom()
    this.#opened?.media?.discard()
    this.#parts.onNoRecord(this.id)
  }

  /** Called when all of the request is there: at the latest when a response begins. */
  #open(): Opened {
    this.#opened ??= this.#openNow()
    return this.#opened
  }

  #openNow(): Opened {
    const { attempts, contexts, providers, events, stitching } = this.#parts
    const begin = this.#begin
    const headers = headerMap(this.#caller.headers)
    const media = begin.operation === 'relay' ? undefined : this.#parts.collectMedia?.()
    const capture = media === undefined ? this.#parts.capture : { ...this.#parts.capture, media }
    const bytes = this.#body.take()
    const json = bytes && readDescribedBody(bytes, headers, capture)
    const thread = begin.pathThread === '' ? undefined : percentDecoded(begin.pathThread)
    const attribution = openAttribution(
      () => readSources(headers, thread, json, events.placeholderIgnored),
      begin.freshTraceId,
      contexts,
    )
    const provider = providers.get(begin.upstream) ?? begin.upstream
    const call = openCall(begin, this.#startedMonotonic, provider, headers, json, attribution.current())
    const attempt = attempts.begin(call, bytes)
    events.callStarted(attempt.call)
    const frames = hasUsageOption(begin.operation) ? createFrameWatcher() : undefined
    const result = watchFetchedResult(begin, capture)
    const watchers = [frames, result].filter((watcher) => watcher !== undefined)
    let output: Output | undefined
    const observe = () =>
      createCallObserver(attempt.call, capture, watchers, (response) => {
        output = response.output
      })
    const tenant = this.#caller.tenant ?? stitching?.tenantOf(this.#caller.credentials) ?? ''
    return {
      attribution,
      attempt,
      observer: guardObserver(observe, (cause) => events.observerFailed(attempt.call, cause)),
      form: begin.body === 'streamed' ? this.#formObserver(attempt.call, capture, headers) : undefined,
      frames,
      result,
      media,
      exchange: () => ({ body: json, output, tenant }),
    }
  }

  #formObserver(
    call: Call,
    capture: Capture,
    headers: ReturnType<typeof headerMap>,
  ): FormObserver | undefined {
    const { events } = this.#parts
    return createFormObserver(headers, capture, (cause) => events.formObserverFailed(call, cause))
  }
}

function mediaOf(collector: MediaCollector | undefined): Pick<InferenceRecord, 'media'> {
  const media = collector?.collected() ?? []
  return media.length === 0 ? {} : { media }
}

/** @returns the headers by lower-case name; of repeated ones the last */
function lastByName(fields: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null)
  for (let at = 0; at + 1 < fields.length; at += 2) {
    headers[(fields[at] as string).toLowerCase()] = fields[at + 1] as string
  }
  return headers
}
