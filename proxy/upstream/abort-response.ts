import type { ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { flushHead } from './flush-head.ts'

/**
 * Breaks the client's connection within a response: nothing else tells the client that the body is incomplete.
 * What the upstream sent of it, even if only the head, is flushed first.
 */
export function abortResponse(outgoing: ServerResponse): void {
  const { socket } = outgoing
  if (!outgoing.headersSent || socket === null) return void outgoing.destroy()
  flushHead(outgoing)
  // To an HTTP/1.0 client a response that ends with its connection looks complete; a reset does not, nor does TLS without
  // its closing alert.
  if (outgoing.req.httpVersion !== '1.0') socket.destroySoon()
  else if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
