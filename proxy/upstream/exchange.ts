import type { IncomingMessage } from 'node:http'
import { type Duplex, Readable } from 'node:stream'
import { errors } from 'undici'
import { sendFailure } from '../ingress/send-failure.ts'
import type { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import { abortResponse } from './abort-response.ts'
import { choosePipe, mustSeeBody } from './choose-pipe.ts'
import { callError, upstreamFault } from './faults.ts'
import { flushHead } from './flush-head.ts'
import {
  isTransferDecoded,
  pairs,
  type ResponseHead,
  rawFields,
  reasonPhrase,
  responseHead,
  withoutFields,
} from './headers.ts'
import { forwardInformational } from './informational-responses.ts'
import { probingPipe } from './probing-pipe.ts'
import type { RelayedCall } from './relayed-call.ts'
import type { Controller, ResponseHandler } from './response-handler.ts'
import type { ResponsePipe } from './response-pipe.ts'

type Phase = 'requesting' | 'responding' | 'ended'

/** Both sides of one call; undici calls its methods as the response comes in. */
export class Exchange implements ResponseHandler {
  readonly #call: RelayedCall
  #phase: Phase = 'requesting'
  #controller: Controller | undefined
  #pipe: ResponsePipe | undefined
  #cutter: UsageFrameCutter | undefined
  /** Whether the request on the wire has the usage option injected. */
  #usage: 'untouched' | 'injected' | 'refused'

  constructor(call: RelayedCall) {
    this.#call = call
    this.#usage = call.originalRequest === undefined ? 'untouched' : 'injected'
  }

  /** The call is sent once more, as the client sent it. */
  usageRefused(): void {
    this.#usage = 'refused'
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#phase === 'ended') this.#abortRequest()
  }

  onResponseStart(controller: Controller, status: number, _headers: unknown, statusText = ''): void {
    if (this.#phase === 'ended') return
    const head = responseHead(controller.rawHeaders)
    if (status < 200) return void forwardInformational(this.#call.outgoing, status, head)
    if (!isTransferDecoded(head)) {
      return void this.#protocolError(new errors.HTTPParserError('its Transfer-Encoding is not chunked'))
    }
    this.#phase = 'responding'
    if (this.#usage === 'refused') this.#call.onUsageRefused?.(status)
    const resume = () => controller.resume()
    const unknown = mustSeeBody(status, head, this.#usage === 'injected')
    const open = (isEventStream?: boolean): ResponsePipe =>
      this.#writeHead(status, statusText, head, isEventStream, resume)
    this.#pipe =
      unknown === undefined
        ? open()
        : probingPipe(unknown.coding, { outgoing: this.#call.outgoing, open, resume })
    this.#call.tap.responseHead(status, head.recorded)
    // Neither has a body, whatever length it announces (RFC 9112 §6.3); undici reports a length mismatch.
    if (status === 204 || status === 304) this.#endResponse([])
  }

  /** @returns the pipe for the body that the head is followed by */
  #writeHead(
    status: number,
    statusText: string,
    head: ResponseHead,
    isEventStream: boolean | undefined,
    resume: () => void,
  ): ResponsePipe {
    const { incoming, outgoing, extraHeaders } = this.#call
    const onDecodeError = (cause: Error): void => this.#protocolError(cause)
    const ends = { outgoing, resume, onDecodeError }
    const { pipe, fields, cutter } = choosePipe(status, head, this.#usage === 'injected', isEventStream, ends)
    this.#cutter = cutter
    const hasLength = head.byName['content-length'] !== undefined && cutter === undefined
    const mayAnnounce = head.byName.trailer === undefined || (!hasLength && canHaveTrailers(incoming, status))
    const kept = mayAnnounce ? fields : withoutFields(fields, 'trailer')
    outgoing.sendDate = false
    outgoing.writeHead(status, reasonPhrase(statusText), kept.concat(extraHeaders()))
    // Without a length the body may take long to come: the client gets the head at once.
    if (!hasLength) flushHead(outgoing)
    return pipe
  }

  onRequestUpgrade(controller: Controller, _status: number, _headers: unknown, upstream: Duplex): void {
    upstream.on('error', () => undefined)
    if (this.#phase === 'ended') return void upstream.destroy()
    this.#phase = 'responding'
    this.#call.onUpgrade?.(responseHead(controller.rawHeaders), upstream, (end) => this.#end(end))
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    // undici passes an empty chunk when it resumes with nothing to parse: pausing at that would go on for ever.
    if (this.#phase === 'ended' || chunk.length === 0) return
    if (this.#pipe?.write(chunk) === false) controller.pause()
    this.#call.tap.responseData(chunk)
  }

  onResponseEnd({ rawTrailers }: Controller): void {
    if (this.#phase === 'ended') return
    this.#endResponse(rawFields(rawTrailers))
  }

  /** @param trailers name, value, ... */
  #endResponse(trailers: readonly string[]): void {
    const { outgoing } = this.#call
    this.#pipe?.end(() => {
      if (trailers.length > 0) outgoing.addTrailers(pairs(trailers))
      outgoing.end()
      this.#end({ kind: 'relayed' })
    })
  }

  onResponseError(_controller: unknown, cause: Error): void {
    this.#fail(cause)
  }

  #fail(cause: Error): void {
    if (this.#phase === 'ended') return
    const { outgoing, upstream, extraHeaders } = this.#call
    const fault = upstreamFault(cause, upstream.origin)
    const error = callError(fault)
    const isTimeout = fault.code === 'upstream_timeout'
    if (this.#phase === 'requesting') {
      sendFailure(outgoing, fault, Object.fromEntries(pairs(extraHeaders())))
      this.#end({ kind: isTimeout ? 'timed_out' : 'no_response', error })
    } else {
      this.#end({ kind: isTimeout ? 'timed_out' : 'upstream_closed', error })
      this.#pipe?.end(() => abortResponse(outgoing))
    }
  }

  /** The response is not in the coding that it names; what could be decoded of it has been passed on. */
  #protocolError(cause: Error): void {
    this.#fail(cause)
    this.#abortRequest()
    if (this.#pipe !== undefined) abortResponse(this.#call.outgoing)
  }

  /** The client's connection has closed, which is expected once the response has ended. */
  clientClosed(): void {
    if (this.#phase === 'ended') return
    this.#end({ kind: 'client_closed' })
    this.#abortRequest()
  }

  #abortRequest(): void {
    this.#controller?.abort(new errors.RequestAbortedError())
  }

  #end(end: RelayEnd): void {
    if (this.#phase === 'ended') return
    this.#phase = 'ended'
    const { body } = this.#call.request
    if (body instanceof Readable) body.destroy()
    this.#call.onEnd(end, this.#usage === 'injected' ? (this.#cutter?.cutFrames ?? 0) : undefined)
  }
}

/** Node throws where trailers are announced that cannot follow. */
const canHaveTrailers = ({ method, httpVersion }: IncomingMessage, status: number): boolean =>
  httpVersion === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304
