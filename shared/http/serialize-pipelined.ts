import type { RequestListener } from 'node:http'

/**
 * Handles the pipelined requests of a connection one after the other (RFC 9112 §9.3.2). Node emits them all at
 * once, each with a response that has no socket until those before it are finished. What follows a request that
 * closes the connection must not be acted on: where it begins is unknown. And a response without a socket gets
 * no event when its client leaves.
 */
export function serializePipelined(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    if (outgoing.socket === null) outgoing.once('socket', () => listener(incoming, outgoing))
    else listener(incoming, outgoing)
  }
}
