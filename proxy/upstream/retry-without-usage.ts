import { decodeBody } from '../content-codings/decode-body.ts'
import { responseHead } from './headers.ts'
import type { Controller, ResponseHandler } from './response-handler.ts'

/** An error body over this limit is passed through unread. */
const maxErrorBytes = 64 * 1024

type HeldResponse = {
  readonly start: Parameters<ResponseHandler['onResponseStart']>
  readonly chunks: Buffer[]
  bytes: number
}

/**
 * Wraps the handler of a request that had `stream_options` injected. A 400 or 422 response is held until its body is
 * complete: where it names what we injected, `resend` is called and the handler never sees that response; every
 * other response reaches the handler as it came.
 */
export function retryWithoutUsage(handler: ResponseHandler, resend: () => void): ResponseHandler {
  let held: HeldResponse | undefined

  function release(): void {
    if (held === undefined) return
    const { start, chunks } = held
    const [controller] = start
    held = undefined
    handler.onResponseStart(...start)
    for (const chunk of chunks) handler.onResponseData(controller, chunk)
  }

  return {
    onRequestStart: (controller, context) => handler.onRequestStart(controller, context),
    onResponseStart(...start) {
      const [, status] = start
      if (status === 400 || status === 422) held = { start, chunks: [], bytes: 0 }
      else handler.onResponseStart(...start)
    },
    onResponseData(controller, chunk) {
      if (held === undefined) return handler.onResponseData(controller, chunk)
      held.chunks.push(chunk)
      held.bytes += chunk.length
      if (held.bytes > maxErrorBytes) release()
    },
    onResponseEnd(controller, trailers) {
      if (held !== undefined && namesUsageOption(controller, held.chunks)) return resend()
      release()
      handler.onResponseEnd(controller, trailers)
    },
    onResponseError(controller, cause) {
      release()
      handler.onResponseError(controller, cause)
    },
  }
}

function namesUsageOption({ rawHeaders }: Controller, chunks: readonly Buffer[]): boolean {
  const coding = responseHead(rawHeaders).byName['content-encoding'] ?? ''
  const encoding = coding === 'identity' ? '' : coding.toLowerCase()
  const body = decodeBody(Buffer.concat(chunks), encoding, maxErrorBytes)
  return body !== undefined && /stream_options|include_usage/.test(body.toString('latin1'))
}
