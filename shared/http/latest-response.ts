import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Knows the answer that was begun last on each connection of a server. */
export function latestResponse(server: Server): (socket: Duplex) => ServerResponse | undefined {
  const newest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, outgoing) => {
    newest.set(socket, outgoing)
  })
  return (socket) => newest.get(socket)
}
