import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AnyServer } from './create-server.ts'

/** The response to the latest request of a connection. */
export type LatestResponse = (socket: Duplex) => ServerResponse | undefined

/** Tracks the latest response of each connection of a server. */
export function trackLatestResponses(server: AnyServer): LatestResponse {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, outgoing) => {
    latest.set(socket, outgoing)
  })
  return (socket) => latest.get(socket)
}
