import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Takes over the socket of a WebSocket handshake. `head` is what the client sent after it. */
export type OnUpgrade = (incoming: IncomingMessage, socket: Socket, head: Buffer) => void

/**
 * Has a server hand over WebSocket handshakes. Requests that would like another protocol are answered in
 * this one, as RFC 9110 §7.8 allows: Java's HTTP client asks for `h2c` with its first call.
 * @param newest the answer that was begun last on a connection
 */
export function takeUpgrades(
  server: Server,
  newest: (socket: Socket) => ServerResponse | undefined,
  onUpgrade: OnUpgrade,
): void {
  server.on('upgrade', (incoming, socket: Socket, head) => {
    afterAnswer(newest(socket), socket, () => {
      if (isWebSocket(incoming)) return onUpgrade(incoming, socket, head)
      socket.unshift(Buffer.concat([plainHead(incoming), head]))
      server.emit('connection', socket)
    })
  })
}

/** Node hands a socket over while requests ahead of the handshake still wait for their answers on it. */
function afterAnswer(ahead: ServerResponse | undefined, socket: Socket, take: () => void): void {
  if (ahead === undefined || ahead.destroyed) {
    take()
    return
  }
  ahead.once('close', () => {
    // That answer may have been the last on this connection.
    if (!socket.writable) return
    // Node counts the idle time from that answer on, and would close the connection in the middle of the next.
    socket.setTimeout(0)
    take()
  })
}

/** RFC 6455 §4.1: a GET that names `websocket` among its protocols. */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
  const protocols = (headers.upgrade ?? '').toLowerCase().split(',')
  return method === 'GET' && protocols.some((protocol) => protocol.trim() === 'websocket')
}

/** The head of a request as it came, without the field that Node stopped reading for. */
function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== 'upgrade') head += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`
  }
  return Buffer.from(`${head}\r\n`, 'latin1')
}
