import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { readableEncodings } from '../content-codings/accept-encoding.ts'
import type { RequestBody } from '../ingress/body.ts'
import type { Chunks } from '../ingress/chunks.ts'
import type { Upstream } from '../ingress/target.ts'
import { requestHeaders } from './headers.ts'
import { uploadOf } from './upload.ts'

/** What is sent to the upstream for one call. */
export type UpstreamRequest = {
  /** name, value, ... */
  readonly headers: string[]
  /** A held body, a stream of what the client sends, or null where there is no body. */
  readonly body: Buffer | Readable | null
  /** Bytes that the client has sent of its own body so far. */
  clientBytes(): number
}

/**
 * @param rewritten the body with usage injected, sent instead of the client's; accept-encoding is then narrowed to
 * codings that we can decode, because the usage frame must be cut out of the response
 * @param onChunk called with each chunk of a streamed body, after it was written towards the upstream
 */
export function upstreamRequest(
  incoming: IncomingMessage,
  upstream: Upstream,
  body: RequestBody,
  rewritten?: Chunks,
  onChunk?: (chunk: Buffer) => void,
): UpstreamRequest {
  const upload = uploadOf(incoming, body, rewritten, onChunk)
  const acceptEncoding = rewritten && readableEncodings(incoming.headers['accept-encoding'])
  const headers = requestHeaders(incoming, upstream, { bodyBytes: upload.length, acceptEncoding })
  return { headers, body: upload.body, clientBytes: upload.clientBytes }
}
