import type { Dispatcher } from 'undici'
import { decodeBody } from '../content-codings/decode-body.ts'
import { responseHead } from './headers.ts'

type Handler = Required<
  Pick<Dispatcher.DispatchHandler, 'onConnect' | 'onHeaders' | 'onData' | 'onComplete' | 'onError'>
>
type Headers = Parameters<Handler['onHeaders']>

/** An error that is longer than this is passed on unread. */
const maxErrorBytes = 64 * 1024

/**
 * Stands before the handler of a call that we asked for its usage. An answer of 400 or 422 is held until its
 * body is known: where it names what we added, `sendAgain` is called and the handler hears nothing of that
 * answer; every other answer the handler gets as it came.
 */
export function retryWithoutUsage(handler: Handler, sendAgain: () => void): Handler {
  let held: { readonly headers: Headers; readonly chunks: Buffer[]; bytes: number } | undefined

  /** @returns false where the handler cannot take more for now */
  function forward(): boolean {
    if (held === undefined) return true
    const { headers, chunks } = held
    held = undefined
    handler.onHeaders(...headers)
    return chunks.map((chunk) => handler.onData(chunk)).every(Boolean)
  }

  return {
    onConnect: (abort) => handler.onConnect(abort),
    onHeaders(...headers) {
      const [status] = headers
      if (status !== 400 && status !== 422) return handler.onHeaders(...headers)
      held = { headers, chunks: [], bytes: 0 }
      return true
    },
    onData(chunk) {
      if (held === undefined) return handler.onData(chunk)
      held.chunks.push(chunk)
      held.bytes += chunk.length
      return held.bytes <= maxErrorBytes || forward()
    },
    onComplete(trailers) {
      if (held !== undefined && namesUsageOption(held.headers, held.chunks)) return sendAgain()
      forward()
      handler.onComplete(trailers)
    },
    onError(cause) {
      forward()
      handler.onError(cause)
    },
  }
}

function namesUsageOption([, fields]: Headers, chunks: readonly Buffer[]): boolean {
  const coding = responseHead(fields).byName['content-encoding'] ?? ''
  const encoding = coding === 'identity' ? '' : coding.toLowerCase()
  const body = decodeBody(Buffer.concat(chunks), encoding, maxErrorBytes)
  return body !== undefined && /stream_options|include_usage/.test(body.toString('latin1'))
}
