import { once } from 'node:events'
import type { RequestListener, ServerOptions } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Part } from '../lifecycle.ts'
import { untilAborted } from '../timing/abort.ts'
import { pause } from '../timing/pause.ts'
import { AddressUnavailable, type ListenAddress } from './address-unavailable.ts'
import { type AnyServer, createServer, type ServerCertificate } from './create-server.ts'
import { trackLatestResponses } from './latest-responses.ts'
import { type OnMalformed, type OnTlsFailure, respondToMalformed } from './malformed-requests.ts'
import { serializePipelined } from './serialize-pipelined.ts'
import { type SlowUploadOptions, watchSlowUploads } from './slow-uploads.ts'
import { acceptUpgrades, type OnUpgrade } from './upgrades.ts'
import { trackUse } from './use.ts'

export type HttpPort = Part & {
  /** True while new connections are accepted. */
  listening(): boolean
  /** `http://127.0.0.1:4010`, or `https://...`; once it has started. */
  url(): string
  /** For connections from now on. Only where it has had one from the start. */
  renewCertificate(certificate: ServerCertificate): void
}

/** Of `port` 0 is any free one. */
export type HttpPortOptions = ListenAddress & {
  readonly server?: ServerOptions
  /** With one the port speaks TLS only. */
  readonly certificate?: ServerCertificate | undefined
  /** A TLS handshake failed, or its connection broke. */
  readonly onTlsFailure?: OnTlsFailure
  /** Handles WebSocket handshakes; without it they are handled as plain requests. */
  readonly onUpgrade?: OnUpgrade
  /** Makes the response to a malformed request; without it Node's own. */
  readonly onMalformed?: OnMalformed
  /** Ends request bodies that come too slowly; without it they may take any time. */
  readonly slowUploads?: SlowUploadOptions
  /** How long it goes on taking connections when it is stopped while others are in use; ms, 0 by default. */
  readonly lingerMs?: number
}

/**
 * An HTTP server on one address. `start` rejects with AddressUnavailable. `stop` lets requests in flight finish, and destroys
 * their connections at the deadline. The port is closed when none is in flight any more, or after `lingerMs`: a client whose
 * stream is let to finish may need another call for it.
 */
export function httpPort(
  listener: RequestListener,
  { name, host, port, settings, ...options }: HttpPortOptions,
): HttpPort {
  const server = createServer(options.server ?? {}, options.certificate, serializePipelined(listener))
  // Node handles 100-continue itself; a server may ignore other expectations (RFC 9110 §10.1.1).
  server.on('checkExpectation', (incoming, outgoing) => {
    server.emit('request', incoming, outgoing)
  })
  // Node silently drops fields beyond its count; maxHeaderSize limits them.
  server.maxHeadersCount = 0
  const latest = trackLatestResponses(server)
  const { onUpgrade, onMalformed, onTlsFailure = () => undefined, lingerMs = 0 } = options
  let closing = false
  const use = trackUse(server, latest, () => {
    // A connection that was busy when the port was closed has become idle.
    if (closing) server.closeIdleConnections()
  })
  if (onUpgrade !== undefined) {
    acceptUpgrades(server, latest, (incoming, socket, head) => {
      use.takeOver(socket)
      onUpgrade(incoming, socket, head)
    })
  }
  if (onMalformed !== undefined) respondToMalformed(server, latest, onMalformed, onTlsFailure)
  const sockets = trackSockets(server, use.closed)
  const slowUploads = options.slowUploads && watchSlowUploads(sockets, latest, options.slowUploads)

  async function start(): Promise<void> {
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new AddressUnavailable({ name, host, port, settings }, cause)
    }
    slowUploads?.start()
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    use.endKeepAlive()
    const lingering = new AbortController()
    const { signal } = lingering
    await Promise.race([use.none(), pause(lingerMs, signal), untilAborted(deadline, signal)])
    lingering.abort()
    closing = true
    await closeServer(server, sockets, deadline)
    slowUploads?.stop()
  }

  function url(): string {
    const { address, family, port: actualPort } = server.address() as AddressInfo
    const scheme = options.certificate === undefined ? 'http' : 'https'
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`
  }

  function renewCertificate(certificate: ServerCertificate): void {
    if (server instanceof TlsServer) server.setSecureContext(certificate)
  }

  return { name, start, stop, url, renewCertificate, listening: () => server.listening }
}

/** Resolves when all sockets are closed; destroys them at the deadline. */
async function closeServer(
  server: AnyServer,
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
  // To Node a connection that has not asked anything yet is not idle; browsers and clients open some in advance.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  // Its handshake was not over yet, so that nothing was asked on it either.
  server.on('secureConnection', (socket: Socket) => socket.destroy())
  // The server's close event precedes those of its last sockets, whose handlers must have run too.
  const socketsClosed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  if (deadline.aborted) destroyAll()
  await Promise.all([closed, ...socketsClosed])
  deadline.removeEventListener('abort', destroyAll)
}

/** Node does not track upgraded sockets, but waits for them when the server closes. */
function trackSockets(server: AnyServer, onClosed: (socket: Socket) => void): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    // The socket of a rejected upgrade is emitted again.
    if (sockets.has(socket)) return
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      onClosed(socket)
    })
  }
  // With TLS the first is the socket below, which is all there is until the handshake is complete.
  server.on('connection', track)
  server.on('secureConnection', track)
  return sockets
}
