import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The response to the latest request of a connection. */
export type LatestResponse = (socket: Duplex) => ServerResponse | undefined

/** Tracks the latest response of each connection of a server. */
export function trackLatestResponses(server: Server): LatestResponse {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, outgoing) => {
    latest.set(socket, outgoing)
  })
  return (socket) => latest.get(socket)
}
