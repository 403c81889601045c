import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'
import type { RequestBody } from '../ingress/body.ts'

/** The request body as the upstream gets it. */
export type Upload = {
  readonly body: Buffer | Readable | null
  /** Bytes, where they are known beforehand. */
  readonly length?: number
  /** What the client has sent of its body so far. */
  clientBytes(): number
}

/**
 * @param replacement the body to send instead of the client's
 * @param onChunk told of each chunk of a streamed body, when it is on its way
 */
export function uploadOf(
  incoming: IncomingMessage,
  body: RequestBody,
  replacement: Buffer | undefined,
  onChunk: ((chunk: Buffer) => void) | undefined,
): Upload {
  switch (body.kind) {
    case 'none':
      return { body: null, ...contentLength(incoming), clientBytes: () => 0 }
    case 'held': {
      const bytes = replacement ?? body.bytes
      return { body: bytes, length: bytes.length, clientBytes: () => body.bytes.length }
    }
    case 'streamed':
      return streamedUpload(incoming, onChunk)
  }
}

/**
 * undici destroys a body stream whose call fails, and destroying the client's request closes the very
 * connection that the error must be answered on. So the upstream gets a stream of its own.
 */
function streamedUpload(incoming: IncomingMessage, onChunk: ((chunk: Buffer) => void) | undefined): Upload {
  const body = new PassThrough()
  let bytes = 0
  incoming.on('close', () => {
    if (!incoming.readableEnded)
      body.destroy(new Error('the client closed the connection within its request'))
  })
  // An upstream that has answered or failed takes no more; a client that reads only when it has sent everything
  // must still come to its end.
  body.on('close', () => {
    incoming.unpipe(body)
    incoming.resume()
  })
  body.on('error', () => undefined)
  incoming.pipe(body)
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    onChunk?.(chunk)
  })
  return { body, ...contentLength(incoming), clientBytes: () => bytes }
}

function contentLength(incoming: IncomingMessage): { length?: number } {
  const declared = incoming.headers['content-length']
  return declared === undefined ? {} : { length: Number(declared) }
}
