import type { ServerResponse } from 'node:http'
import { flushHead } from './flush-head.ts'

/**
 * Half an answer is under way: only a broken connection tells the client so. What the upstream sent of it, even
 * if that is no more than its head, arrives first.
 */
export function abortResponse(outgoing: ServerResponse): void {
  const { socket } = outgoing
  if (!outgoing.headersSent || socket === null) return void outgoing.destroy()
  flushHead(outgoing)
  // To an HTTP/1.0 client an answer that ends with its connection looks whole; a reset does not.
  if (outgoing.req.httpVersion === '1.0') socket.resetAndDestroy()
  else socket.destroySoon()
}
