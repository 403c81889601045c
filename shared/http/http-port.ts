import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Part } from '../lifecycle.ts'
import { AddressUnavailable, type ListenAddress } from './address-unavailable.ts'
import { trackLatestResponses } from './latest-responses.ts'
import { type OnMalformed, respondToMalformed } from './malformed-requests.ts'
import { serializePipelined } from './serialize-pipelined.ts'
import { acceptUpgrades, type OnUpgrade } from './upgrades.ts'

export type HttpPort = Part & {
  /** True while new connections are accepted. */
  listening(): boolean
  /** `http://127.0.0.1:4010`; once it has started. */
  url(): string
}

/** Of `port` 0 is any free one. */
export type HttpPortOptions = ListenAddress & {
  readonly server?: ServerOptions
  /** Handles WebSocket handshakes; without it they are handled as plain requests. */
  readonly onUpgrade?: OnUpgrade
  /** Makes the response to a malformed request; without it Node's own. */
  readonly onMalformed?: OnMalformed
}

/**
 * An HTTP server on one address. `start` rejects with AddressUnavailable. `stop` closes the port, lets requests
 * in flight finish, and destroys their connections at the deadline.
 */
export function httpPort(
  listener: RequestListener,
  { name, host, port, settings, ...options }: HttpPortOptions,
): HttpPort {
  const server: Server = createServer(options.server ?? {}, serializePipelined(listener))
  // Node handles 100-continue itself; a server may ignore other expectations (RFC 9110 §10.1.1).
  server.on('checkExpectation', (incoming, outgoing) => {
    server.emit('request', incoming, outgoing)
  })
  // Node silently drops fields beyond its count; maxHeaderSize limits them.
  server.maxHeadersCount = 0
  const latest = trackLatestResponses(server)
  const { onUpgrade, onMalformed } = options
  if (onUpgrade !== undefined) acceptUpgrades(server, latest, onUpgrade)
  if (onMalformed !== undefined) respondToMalformed(server, latest, onMalformed)
  const sockets = trackSockets(server)
  let draining = false
  server.on('request', (_incoming, outgoing) => {
    outgoing.on('close', () => {
      // A connection that was busy when stopping began has become idle.
      if (draining) server.closeIdleConnections()
    })
  })

  async function start(): Promise<void> {
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new AddressUnavailable({ name, host, port, settings }, cause)
    }
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    draining = true
    await closeServer(server, sockets, deadline)
  }

  function url(): string {
    const { address, family, port: actualPort } = server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`
  }

  return { name, start, stop, url, listening: () => server.listening }
}

/** Resolves when all sockets are closed; destroys them at the deadline. */
async function closeServer(
  server: Server,
  sockets: ReadonlySet<Socket>,
  deadline: AbortSignal,
): Promise<void> {
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  deadline.addEventListener('abort', destroyAll)
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  // The server's close event precedes those of its last sockets, whose handlers must have run too.
  const socketsClosed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  if (deadline.aborted) destroyAll()
  await Promise.all([closed, ...socketsClosed])
  deadline.removeEventListener('abort', destroyAll)
}

/** Node does not track upgraded sockets, but waits for them when the server closes. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    // The socket of a rejected upgrade is emitted again.
    if (sockets.has(socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}
