import type { IncomingMessage } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import type { RequestBody } from '../ingress/body.ts'
import type { Chunks } from '../ingress/chunks.ts'

/** The request body as the upstream gets it. */
export type Upload = {
  readonly body: Buffer | Readable | null
  /** In bytes, where it is known beforehand. */
  readonly length?: number
  /** Bytes that the client has sent of its body so far. */
  clientBytes(): number
}

/**
 * @param rewritten the body to send instead of a held one
 * @param onChunk called with each chunk of a streamed body, after it was written towards the upstream
 */
export function uploadOf(
  incoming: IncomingMessage,
  body: RequestBody,
  rewritten: Chunks | undefined,
  onChunk: ((chunk: Buffer) => void) | undefined,
): Upload {
  switch (body.kind) {
    case 'none':
      return { body: null, ...contentLength(incoming), clientBytes: () => 0 }
    case 'held':
      return heldUpload(rewritten ?? body.chunks, () => body.bytes)
    case 'streamed':
      return streamedUpload(incoming, onChunk)
  }
}

/** Chunks of a larger body go one by one, instead of being copied together first. */
const maxJoinedBytes = 262_144

function heldUpload(chunks: Chunks, clientBytes: () => number): Upload {
  const [first] = chunks
  if (chunks.length === 1 && first !== undefined) return { body: first, length: first.length, clientBytes }
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const body = length <= maxJoinedBytes ? Buffer.concat(chunks) : Readable.from(chunks)
  return { body, length, clientBytes }
}

/**
 * undici destroys the body stream of a request that fails, and destroying the client's request would close the very
 * connection that the error response needs. So the upstream gets a stream of its own.
 */
function streamedUpload(incoming: IncomingMessage, onChunk: ((chunk: Buffer) => void) | undefined): Upload {
  const body = new PassThrough()
  let bytes = 0
  incoming.on('close', () => {
    if (!incoming.readableEnded)
      body.destroy(new Error('the client closed the connection within its request'))
  })
  // An upstream that has responded or failed reads no more, but a client that reads its response only after sending
  // the whole request must be able to finish.
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
