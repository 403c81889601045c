import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { codeOf, reasonOf } from '../error-cause.ts'
import type { Part } from '../lifecycle.ts'
import { latestResponse } from './latest-response.ts'
import { type OnUnreadable, respondToMalformed } from './malformed-requests.ts'
import { serializePipelined } from './serialize-pipelined.ts'
import { type OnUpgrade, takeUpgrades } from './upgrades.ts'

export type HttpPort = Part & {
  /** True while new connections are taken. */
  listening(): boolean
  /** Where it listens, known once it has started: `http://127.0.0.1:4010`. */
  url(): string
}

export type HttpPortOptions = {
  /** For people: `data port`. */
  readonly name: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Which settings to change where the address cannot be had: `HOST or PORT`. */
  readonly settings: string
  readonly server?: ServerOptions
  /** Takes WebSocket handshakes; without it they are answered as the plain requests that they also are. */
  readonly onUpgrade?: OnUpgrade
  /** Says what is answered, as a whole, to what cannot be read as a request; without it Node says so. */
  readonly onUnreadable?: OnUnreadable
}

/**
 * Serves on one address. Starting fails where the address cannot be had, with a sentence that names
 * it. Stopping takes no new connections, lets requests in flight finish, and at the deadline ends them.
 */
export function httpPort(
  listener: RequestListener,
  { name, host, port, settings, ...options }: HttpPortOptions,
): HttpPort {
  const server: Server = createServer(options.server ?? {}, serializePipelined(listener))
  // Node meets 100-continue by itself; a server may ignore whatever else is expected (RFC 9110 §10.1.1).
  server.on('checkExpectation', (incoming, outgoing) => {
    server.emit('request', incoming, outgoing)
  })
  // Node drops the fields beyond its count without a word; the head's size is what limits them.
  server.maxHeadersCount = 0
  const newest = latestResponse(server)
  const { onUpgrade, onUnreadable } = options
  if (onUpgrade !== undefined) takeUpgrades(server, newest, onUpgrade)
  if (onUnreadable !== undefined) respondToMalformed(server, newest, onUnreadable)
  // Node forgets a socket that was upgraded, yet waits for it when it closes.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    // Those that would have liked another protocol come again.
    if (sockets.has(socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  let draining = false
  server.on('request', (_incoming, outgoing) => {
    outgoing.on('close', () => {
      // A connection that was busy when stopping began becomes idle only now.
      if (draining) server.closeIdleConnections()
    })
  })

  async function start(): Promise<void> {
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new AddressTaken(
        `the ${name} cannot listen on ${host}:${port} (${codeOf(cause) ?? reasonOf(cause)}): set ${settings}`,
        { cause },
      )
    }
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    draining = true
    const cut = () => {
      for (const socket of sockets) socket.destroy()
    }
    deadline.addEventListener('abort', cut)
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    // The server's own event comes before its last sockets': what follows from their end would come too late.
    const gone = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    if (deadline.aborted) cut()
    await Promise.all([closed, ...gone])
    deadline.removeEventListener('abort', cut)
  }

  function url(): string {
    const { address, family, port: taken } = server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`
  }

  return { name, start, stop, url, listening: () => server.listening }
}

/** The message is one plain sentence for the person who started the process. */
export class AddressTaken extends Error {
  override readonly name = 'AddressTaken'
}
