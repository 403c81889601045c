import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'

// Both wrappers below rely on undici's internals: package.json pins its exact version, and connection.test.ts
// fails where a release no longer needs them or no longer honours them.

/**
 * Opens upstream connections whose end and reset undici handles safely.
 * @param timeoutMs for one connection to be made, TLS included
 */
export function connector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false })
  return (options, callback) =>
    connect(options, (...result) => {
      const [failure, socket] = result
      if (failure === null) {
        deferEndWhilePaused(socket)
        reportResetAsSocketError(socket)
      }
      callback(...result)
    })
}

/**
 * Defers a connection's end while undici is paused. Where a response ends with its connection, undici 7 throws when
 * 'end' is emitted during a pause (`assert(!this.paused)` in Parser.finish, lib/dispatcher/client-h1.js), where no
 * caller can catch it: the process would exit.
 *
 * undici unshifts what it has not parsed when it pauses, even if that is nothing, and reads when it resumes; `read(0)`
 * is how Node looks for the end by itself.
 */
function deferEndWhilePaused(socket: Socket): void {
  const { read, unshift } = socket
  let isPaused = false
  socket.unshift = (chunk, encoding) => {
    isPaused = true
    unshift.call(socket, chunk, encoding)
  }
  socket.read = (size) => {
    if (size === 0 && isPaused) return null
    const isResuming = isPaused
    isPaused = false
    // Resuming, undici parses once more before it reads on, and may pause again at an empty chunk: the end must not be on
    // its way by then. It reads a second time where it does not.
    if (isResuming && socket.readableLength === 0) return null
    return read.call(socket, size ?? sizeBeforeEnd(socket))
  }
}

/**
 * A read of everything schedules 'end' together with the last bytes, and undici may pause at the very last of them.
 * A read of so many bytes does not; the next one finds the end. More than the high water mark would raise it.
 * @returns bytes to read, or undefined for all there are
 */
function sizeBeforeEnd(socket: Socket): number | undefined {
  const { ended } = (socket as unknown as { readonly _readableState: { readonly ended: boolean } })
    ._readableState
  if (!ended || socket.readableLength === 0) return undefined
  return Math.min(socket.readableLength, socket.readableHighWaterMark)
}

/**
 * Reports a reset connection to undici as any other that broke. undici takes ECONNRESET for the end of a response that
 * ends with its connection, so that half a response would look complete; and on an idle connection for the failure of
 * the request that is about to be written to it, which has not been sent yet and can use another connection.
 */
function reportResetAsSocketError(socket: Socket): void {
  const { destroy } = socket
  socket.destroy = (cause) => {
    const wasReset = cause !== undefined && 'code' in cause && cause.code === 'ECONNRESET'
    return destroy.call(socket, wasReset ? new errors.SocketError(cause.message) : cause)
  }
}
