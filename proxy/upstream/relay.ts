import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Duplex, Readable } from 'node:stream'
import { type Dispatcher, errors } from 'undici'
import { sendFailure } from '../ingress/refuse.ts'
import type { Upstream } from '../ingress/target.ts'
import type { CallObserver, RelayEnd } from '../observe/call.ts'
import type { UsageFrameCutter } from '../sse/usage-frame-cutter.ts'
import { abortResponse } from './abort-response.ts'
import { choosePipe } from './choose-pipe.ts'
import { callError, upstreamFault } from './faults.ts'
import { flushHead } from './flush-head.ts'
import {
  isTransferUndone,
  pairs,
  type ResponseHead,
  reasonPhrase,
  responseHead,
  withoutFields,
} from './headers.ts'
import { forwardInformational } from './informational-responses.ts'
import type { ResponsePipe } from './response-pipe.ts'
import { retryWithoutUsage } from './retry-without-usage.ts'
import type { UpstreamRequest } from './upstream-request.ts'

/** One call, ready to be sent on. */
export type RelayedCall = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly upstream: Upstream
  readonly path: string
  readonly request: Pick<UpstreamRequest, 'headers' | 'body'>
  /** Given where `request` asks for a usage frame that the client did not ask for: the client's own request. */
  readonly unasked?: () => Pick<UpstreamRequest, 'headers' | 'body'>
  /** name, value, ...: added to the answer, and asked for when it comes. */
  extraHeaders(): readonly string[]
  readonly observer: Pick<CallObserver, 'responseStarted' | 'responseData'>
  /**
   * Given for a WebSocket handshake: the upstream has taken the connection over. Whoever is told calls
   * `onEnd` when the connection has ended.
   */
  onUpgrade?(answer: ResponseHead, upstream: Duplex, onEnd: (end: RelayEnd) => void): void
  /** The upstream refused to be asked for usage, and has answered the client's own request with this status. */
  onRefusal?(status: number): void
  /**
   * The call is over, for the client too or nearly so. Called once.
   * @param cutFrames undefined where the last request did not ask for usage
   */
  onEnd(end: RelayEnd, cutFrames: number | undefined): void
}

/** Sends a call to its upstream and the answer to the client, each as fast as the other side takes it. */
export function relay(call: RelayedCall, dispatcher: Dispatcher): void {
  const { outgoing, upstream, path, incoming, request, unasked } = call
  const exchange = new Exchange(call)
  outgoing.on('close', () => exchange.clientClosed())

  // undici's own API below `request` and `fetch`: no streams or promises are made for a call, and header
  // fields stay as they were. `npm run loadtest:overhead` shows what that leaves.
  const send = ({ headers, body }: RelayedCall['request'], handler: Dispatcher.DispatchHandler): void => {
    const method = (incoming.method ?? 'GET') as Dispatcher.HttpMethod
    const options = { origin: upstream.origin, path: path === '' ? '/' : path, method, headers, body }
    const upgrade = call.onUpgrade === undefined ? undefined : { upgrade: 'websocket' }
    dispatcher.dispatch({ ...options, ...upgrade }, handler)
  }
  const sendAgain = (): void => {
    if (unasked === undefined) return
    exchange.refused()
    send(unasked(), exchange)
  }
  send(request, unasked === undefined ? exchange : retryWithoutUsage(exchange, sendAgain))
}

type Phase = 'asking' | 'answering' | 'over'

/** Both sides of one call; undici calls its methods as the answer comes in. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: RelayedCall
  #phase: Phase = 'asking'
  #way: ResponsePipe | undefined
  #cutter: UsageFrameCutter | undefined
  #abort: (() => void) | undefined
  /** What became of asking for usage. */
  #usage: 'not asked' | 'asked' | 'refused'

  constructor(call: RelayedCall) {
    this.#call = call
    this.#usage = call.unasked === undefined ? 'not asked' : 'asked'
  }

  /** The same call is sent once more, without asking for usage. */
  refused(): void {
    this.#usage = 'refused'
  }

  onConnect(abort: () => void): void {
    this.#abort = abort
    if (this.#phase === 'over') abort()
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (this.#phase === 'over') return true
    const head = responseHead(raw)
    if (status < 200) {
      forwardInformational(this.#call.outgoing, status, head)
      return true
    }
    if (!isTransferUndone(head)) {
      this.#misspoken(new errors.HTTPParserError('its Transfer-Encoding is not chunked'))
      return true
    }
    this.#phase = 'answering'
    const { incoming, outgoing, observer, extraHeaders, onRefusal } = this.#call
    if (this.#usage === 'refused') onRefusal?.(status)
    const onBroken = (cause: Error): void => this.#misspoken(cause)
    const { way, fields, cutter } = choosePipe(status, head, this.#usage === 'asked', {
      outgoing,
      resume,
      onBroken,
    })
    this.#way = way
    this.#cutter = cutter
    const hasLength = head.byName['content-length'] !== undefined && cutter === undefined
    const mayAnnounce = head.byName.trailer === undefined || (!hasLength && canHaveTrailers(incoming, status))
    const kept = mayAnnounce ? fields : withoutFields(fields, 'trailer')
    outgoing.sendDate = false
    outgoing.writeHead(status, reasonPhrase(statusText), kept.concat(extraHeaders()))
    // Without a length the body may be long in coming: the client gets the head at once.
    if (!hasLength) flushHead(outgoing)
    observer.responseStarted(status, head.byName)
    // Nothing follows these, whatever length they announce (RFC 9112 §6.3); undici calls that a broken promise.
    if (status === 204 || status === 304) this.onComplete(null)
    return true
  }

  onUpgrade(_status: number, raw: Buffer[], upstream: Duplex): void {
    upstream.on('error', () => undefined)
    if (this.#phase === 'over') return void upstream.destroy()
    this.#phase = 'answering'
    this.#call.onUpgrade?.(responseHead(raw), upstream, (end) => this.#end(end))
  }

  onData(chunk: Buffer): boolean {
    if (this.#phase === 'over') return true
    const mayGoOn = this.#way?.write(chunk) ?? true
    this.#call.observer.responseData(chunk)
    return mayGoOn
  }

  /** @param trailers name, value, ...: Latin-1 bytes, though undici's types say text */
  onComplete(trailers: readonly (string | Buffer)[] | null): void {
    if (this.#phase === 'over') return
    const fields = (trailers ?? []).map((part) => part.toString('latin1'))
    const { outgoing } = this.#call
    if (fields.length > 0) outgoing.addTrailers(pairs(fields))
    this.#way?.end(() => {
      outgoing.end()
      this.#end({ kind: 'relayed' })
    })
  }

  onError(cause: Error): void {
    if (this.#phase === 'over') return
    const { outgoing, upstream } = this.#call
    const fault = upstreamFault(cause, upstream.origin)
    const error = callError(fault)
    if (this.#phase === 'asking') {
      sendFailure(outgoing, fault, Object.fromEntries(pairs(this.#call.extraHeaders())))
      this.#end({ kind: fault.code === 'upstream_timeout' ? 'timed_out' : 'no_response', error })
    } else {
      this.#end({ kind: fault.code === 'upstream_timeout' ? 'timed_out' : 'upstream_closed', error })
      this.#way?.end(() => abortResponse(outgoing))
    }
  }

  /** The answer is not in the coding that it names; what could be decoded of it has been passed on. */
  #misspoken(cause: Error): void {
    this.onError(cause)
    this.#abort?.()
    if (this.#way !== undefined) abortResponse(this.#call.outgoing)
  }

  /** The client's connection is gone; after the end of an answer that is nothing special. */
  clientClosed(): void {
    if (this.#phase === 'over') return
    this.#end({ kind: 'client_closed' })
    this.#abort?.()
  }

  #end(end: RelayEnd): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    const { body } = this.#call.request
    if (body instanceof Readable) body.destroy()
    this.#call.onEnd(end, this.#usage === 'asked' ? (this.#cutter?.cutFrames ?? 0) : undefined)
  }
}

/** Node throws where trailers are announced that cannot follow. */
const canHaveTrailers = ({ method, httpVersion }: IncomingMessage, status: number): boolean =>
  httpVersion === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304
