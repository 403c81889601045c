import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type AnyServer, connectionEvent } from './create-server.ts'
import type { LatestResponse } from './latest-responses.ts'

/** Takes over the socket of a WebSocket handshake. @param head what the client sent after it */
export type OnUpgrade = (incoming: IncomingMessage, socket: Socket, head: Buffer) => void

/**
 * Passes WebSocket handshakes on. Requests to upgrade to another protocol are handled as plain requests, as
 * RFC 9110 §7.8 allows: Java's HTTP client offers `h2c` with its first request.
 */
export function acceptUpgrades(server: AnyServer, latest: LatestResponse, onUpgrade: OnUpgrade): void {
  server.on('upgrade', (incoming, socket: Socket, head) => {
    afterResponse(latest(socket), socket, () => {
      if (isWebSocket(incoming)) return onUpgrade(incoming, socket, head)
      socket.unshift(Buffer.concat([headWithoutUpgrade(incoming), head]))
      server.emit(connectionEvent(server), socket)
    })
  })
}

/** Node emits `upgrade` while responses to requests before the handshake are still pending on the socket. */
function afterResponse(latest: ServerResponse | undefined, socket: Socket, next: () => void): void {
  if (latest === undefined || latest.destroyed) {
    next()
    return
  }
  latest.once('close', () => {
    // That response may have closed the connection.
    if (!socket.writable) return
    // Node's keep-alive timeout runs from that response on, and would cut the next exchange short.
    socket.setTimeout(0)
    next()
  })
}

/** RFC 6455 §4.1: a GET that names `websocket` among its protocols. */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
  const protocols = (headers.upgrade ?? '').toLowerCase().split(',')
  return method === 'GET' && protocols.some((protocol) => protocol.trim() === 'websocket')
}

/** The head of a request as received, but without the field that makes Node emit `upgrade`. */
function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== 'upgrade') head += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`
  }
  return Buffer.from(`${head}\r\n`, 'latin1')
}
