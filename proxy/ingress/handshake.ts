import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Failure } from './failures.ts'

/** A WebSocket handshake that waits for the upstream's word. */
export type Handshake = {
  /** For every answer but 101; the socket is closed after it. */
  readonly outgoing: ServerResponse
  /** Leaves the socket to its new use. */
  release(): Socket
}

/** Holds the socket of a handshake, which Node has let go of, until it is known what becomes of it. */
export function holdHandshake(incoming: IncomingMessage, socket: Socket): Handshake {
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.assignSocket(socket)
  const drained = () => outgoing.emit('drain')
  // A socket that nobody reads does not tell that its other side has gone.
  const look = () => socket.read(0)
  const left = () => socket.destroy()
  socket.on('drain', drained).on('readable', look).on('end', left)
  socket.on('error', () => undefined)
  outgoing.on('finish', () => socket.destroySoon())
  return {
    outgoing,
    release() {
      socket.off('drain', drained).off('readable', look).off('end', left)
      outgoing.detachSocket(socket)
      return socket
    },
  }
}

/** A handshake has no body: bytes that look like one could be read as a request of their own. */
export function refuseHandshakeBody({ headers }: IncomingMessage): { failure: Failure } | undefined {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
  const message = 'a WebSocket handshake must not have a body'
  return hasBody ? { failure: { code: 'ambiguous_request', message } } : undefined
}
