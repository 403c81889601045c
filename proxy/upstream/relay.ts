import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { answerFailure } from '../ingress/failures.ts'
import type { Upstream } from '../ingress/target.ts'
import type { CallObserver, RelayEnd } from '../observe/call.ts'
import { type AnswerWay, cuttingWay, decoderFor, decodingWay, straightWay } from './answer-way.ts'
import { callError, upstreamFault } from './faults.ts'
import { type AnswerHead, answerHead, withoutFields } from './headers.ts'
import { UsageFrameCutter } from './usage-frame.ts'

/** One call, ready to be sent on. */
export type RelayedCall = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly upstream: Upstream
  readonly path: string
  readonly headers: string[]
  /** The bytes we hold, a stream of what the client sends, or null where there is no body. */
  readonly body: Buffer | Readable | null
  /** True where we asked for a usage frame that the client did not ask for. */
  readonly askedForUsage: boolean
  /** name, value, ...: added to the answer. */
  readonly answerFields: readonly string[]
  readonly observer: Pick<CallObserver, 'responseStarted' | 'responseData'>
  /** The call is over, for the client too or nearly so. Called once. */
  onEnd(end: RelayEnd, cutFrames: number): void
}

/** Sends a call to its upstream and the answer to the client, each as fast as the other side takes it. */
export function relay(call: RelayedCall, dispatcher: Dispatcher): void {
  const exchange = new Exchange(call)
  call.outgoing.on('close', () => exchange.clientClosed())
  const { upstream, path, headers, body, incoming } = call
  // undici's own API below `request` and `fetch`: no streams or promises are made for a call, and header
  // fields stay as they were. Costs a tenth of `fetch` (see the figures in ARCHITECTURE.md).
  dispatcher.dispatch(
    {
      origin: upstream.origin,
      path: path === '' ? '/' : path,
      method: (incoming.method ?? 'GET') as Dispatcher.HttpMethod,
      headers,
      body,
    },
    exchange,
  )
}

const noBytes = Buffer.alloc(0)

type Phase = 'asking' | 'answering' | 'over'

/** Both sides of one call; undici calls its methods as the answer comes in. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: RelayedCall
  #phase: Phase = 'asking'
  #way: AnswerWay | undefined
  #cutter: UsageFrameCutter | undefined
  #abort: (() => void) | undefined

  constructor(call: RelayedCall) {
    this.#call = call
  }

  onConnect(abort: () => void): void {
    this.#abort = abort
    if (this.#phase === 'over') abort()
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    // Interim answers (100, 103) are for us; the final one follows.
    if (status < 200 || this.#phase === 'over') return true
    this.#phase = 'answering'
    const { outgoing, observer, answerFields } = this.#call
    const head = answerHead(raw)
    const { way, fields } = this.#chooseWay(status, head, resume)
    this.#way = way
    outgoing.sendDate = false
    outgoing.writeHead(status, statusText, fields.concat(answerFields))
    // Without a length the body may be long in coming: the client gets the head at once. `flushHeaders` would
    // write it as UTF-8 (lib/_http_outgoing.js: `_send('')`), and change every byte beyond ASCII in it.
    const hasLength = head.byName['content-length'] !== undefined && this.#cutter === undefined
    if (!hasLength) outgoing.write(noBytes)
    observer.responseStarted(status, head.byName)
    // Nothing follows these, whatever length they announce (RFC 9112 §6.3); undici calls that a broken promise.
    if (status === 204 || status === 304) this.onComplete(null)
    return true
  }

  onData(chunk: Buffer): boolean {
    if (this.#phase === 'over') return true
    const mayGoOn = this.#way?.write(chunk) ?? true
    this.#call.observer.responseData(chunk)
    return mayGoOn
  }

  onComplete(trailers: string[] | null): void {
    if (this.#phase === 'over') return
    if (trailers !== null && trailers.length > 0) this.#call.outgoing.addTrailers(pairs(trailers))
    this.#way?.end()
    this.#end({ kind: 'relayed' })
  }

  onError(cause: Error): void {
    if (this.#phase === 'over') return
    const { outgoing, upstream } = this.#call
    const fault = upstreamFault(cause, upstream.origin)
    const error = callError(fault)
    if (this.#phase === 'asking') {
      answerFailure(outgoing, fault, Object.fromEntries(pairs(this.#call.answerFields)))
      this.#end({ kind: fault.code === 'upstream_timeout' ? 'timed_out' : 'no_answer', error })
    } else {
      this.#end({ kind: fault.code === 'upstream_timeout' ? 'timed_out' : 'upstream_closed', error })
      // Half an answer has been sent: only a broken connection tells the client so.
      outgoing.destroy()
    }
  }

  /** The client's connection is gone; after the end of an answer that is nothing special. */
  clientClosed(): void {
    if (this.#phase === 'over') return
    this.#end({ kind: 'client_closed' })
    this.#abort?.()
  }

  #chooseWay(status: number, head: AnswerHead, resume: () => void): { way: AnswerWay; fields: string[] } {
    const { outgoing, askedForUsage } = this.#call
    const isStream = /^text\/event-stream/i.test(head.byName['content-type'] ?? '')
    const coding = head.byName['content-encoding'] ?? 'identity'
    const decoder = coding === 'identity' ? undefined : decoderFor(coding)
    const canCut = coding === 'identity' || decoder !== undefined
    if (!askedForUsage || status !== 200 || !isStream || !canCut) {
      return { way: straightWay(outgoing, resume), fields: head.fields }
    }
    const cutter = new UsageFrameCutter()
    this.#cutter = cutter
    if (decoder === undefined) {
      return {
        way: cuttingWay(outgoing, cutter, resume),
        fields: withoutFields(head.fields, 'content-length'),
      }
    }
    const fields = withoutFields(head.fields, 'content-length', 'content-encoding')
    return { way: decodingWay(outgoing, decoder, cutter, resume), fields }
  }

  #end(end: RelayEnd): void {
    this.#phase = 'over'
    this.#call.onEnd(end, this.#cutter?.cutFrames ?? 0)
  }
}

function pairs(fields: readonly string[]): [string, string][] {
  const entries: [string, string][] = []
  for (let at = 0; at + 1 < fields.length; at += 2)
    entries.push([fields[at] as string, fields[at + 1] as string])
  return entries
}
