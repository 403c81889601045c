import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'

/**
 * Opens connections to upstreams whose end undici can bear.
 * @param timeoutMs for one connection to be made, TLS included
 */
export function connector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false })
  return (options, tell) =>
    connect(options, (...opened) => {
      const [failure, socket] = opened
      if (failure === null) {
        endWhenRead(socket)
        tellResets(socket)
      }
      tell(...opened)
    })
}

/**
 * Keeps a connection's end back while undici waits for the client. Where an answer ends with its connection,
 * undici 7 throws when it is told so in the meantime (`assert(!this.paused)` in Parser.finish,
 * lib/dispatcher/client-h1.js), out of reach of everybody: the process would be gone.
 *
 * undici gives back what it has not parsed when it begins to wait, and reads when it goes on; `read(0)` is how Node
 * looks for the end by itself.
 */
function endWhenRead(socket: Socket): void {
  const { read, unshift } = socket
  let isWaiting = false
  socket.unshift = (chunk, encoding) => {
    isWaiting = true
    unshift.call(socket, chunk, encoding)
  }
  socket.read = (size) => {
    if (size === 0 && isWaiting) return null
    isWaiting = false
    return read.call(socket, size)
  }
}

/**
 * Tells undici of a reset connection as of any other that broke. It takes ECONNRESET for the end of an answer that
 * ends with its connection, so that half an answer would look whole; and on an idle connection for the failure of
 * the call that is about to be written to it, which has not been sent yet and can go on another one.
 */
function tellResets(socket: Socket): void {
  const { destroy } = socket
  socket.destroy = (cause) => {
    const wasReset = cause !== undefined && 'code' in cause && cause.code === 'ECONNRESET'
    return destroy.call(socket, wasReset ? new errors.SocketError(cause.message) : cause)
  }
}
