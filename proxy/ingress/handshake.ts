import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Failure } from './failures.ts'

/** A WebSocket handshake that waits for the upstream's response. */
export type Handshake = {
  /** For every response but 101; the socket is closed after it. */
  readonly outgoing: ServerResponse
  /** Detaches the socket, for the tunnel. */
  release(): Socket
}

/** Serves the socket of a handshake, which Node has detached, until the upstream has responded. */
export function holdHandshake(incoming: IncomingMessage, socket: Socket): Handshake {
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.assignSocket(socket)
  const onDrain = () => outgoing.emit('drain')
  // A socket that is not read does not emit 'end' when the client closes.
  const onReadable = () => socket.read(0)
  const onEnd = () => socket.destroy()
  socket.on('drain', onDrain).on('readable', onReadable).on('end', onEnd)
  socket.on('error', () => undefined)
  outgoing.on('finish', () => socket.destroySoon())
  return {
    outgoing,
    release() {
      socket.off('drain', onDrain).off('readable', onReadable).off('end', onEnd)
      outgoing.detachSocket(socket)
      return socket
    },
  }
}

/** A handshake has no body: bytes that look like one could be read as a request of their own. */
export function rejectHandshakeBody({ headers }: IncomingMessage): { failure: Failure } | undefined {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
  const message = 'a WebSocket handshake must not have a body'
  return hasBody ? { failure: { code: 'ambiguous_request', message } } : undefined
}
