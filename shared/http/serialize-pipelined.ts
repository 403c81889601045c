import type { RequestListener } from 'node:http'

/**
 * Takes the requests of one connection one after the other. Node hands over at once all that a client sends without
 * waiting, each with a response that has no socket before those ahead of it are through (RFC 9112 §9.3.2). What stands
 * behind a request that closes the connection must not be acted on: nobody knows where it begins. And of a client that
 * leaves, a response without a socket is never told.
 */
export function serializePipelined(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    if (outgoing.socket === null) outgoing.once('socket', () => listener(incoming, outgoing))
    else listener(incoming, outgoing)
  }
}
