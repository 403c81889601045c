import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { readableEncodings } from '../content-codings/accept-encoding.ts'
import type { RequestBody } from '../ingress/body.ts'
import type { Upstream } from '../ingress/target.ts'
import { requestHeaders } from './headers.ts'
import { uploadOf } from './upload.ts'

/** What is sent to the upstream for one call. */
export type UpstreamRequest = {
  /** name, value, ... */
  readonly headers: string[]
  /** The bytes we hold, a stream of what the client sends, or null where there is no body. */
  readonly body: Buffer | Readable | null
  /** What the client has sent of its own body so far. */
  clientBytes(): number
}

/**
 * @param asking the body that asks for usage, to be sent instead of the client's; then no answer is asked for
 * that is in a coding we cannot undo, because the usage frame must be cut out of it
 * @param onChunk told of each chunk of a streamed body, when it is on its way
 */
export function upstreamRequest(
  incoming: IncomingMessage,
  upstream: Upstream,
  body: RequestBody,
  asking?: Buffer,
  onChunk?: (chunk: Buffer) => void,
): UpstreamRequest {
  const upload = uploadOf(incoming, body, asking, onChunk)
  const acceptEncoding = asking && readableEncodings(incoming.headers['accept-encoding'])
  const headers = requestHeaders(incoming, upstream, {
    ...(upload.length === undefined ? {} : { bodyBytes: upload.length }),
    ...(acceptEncoding === undefined ? {} : { acceptEncoding }),
  })
  return { headers, body: upload.body, clientBytes: upload.clientBytes }
}
