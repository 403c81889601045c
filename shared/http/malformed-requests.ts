import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** @returns the bytes of an HTTP answer */
export type OnUnreadable = (cause: Error) => string

/**
 * Answers what a server cannot read as a request, and closes the connection: nobody knows where the next one would begin.
 * Behind an answer that is still on its way nothing can be said, and to a client that has gone nothing need be.
 * @param newest the answer that was begun last on a connection
 */
export function respondToMalformed(
  server: Server,
  newest: (socket: Duplex) => ServerResponse | undefined,
  onUnreadable: OnUnreadable,
): void {
  server.on('clientError', (cause, socket) => {
    if (isOver(cause) || !socket.writable || !isNext(newest(socket))) return void socket.destroy()
    socket.end(onUnreadable(cause), () => socket.destroy())
  })
}

/** True where the next answer on the connection is the one to what could not be read: a new request, or a call's body. */
function isNext(ahead: ServerResponse | undefined): boolean {
  if (ahead === undefined) return true
  return ahead.req.complete ? ahead.writableFinished : !ahead.headersSent
}

/** The client has gone, or goes on where it was told that nothing more is read. */
const isOver = (cause: Error): boolean =>
  'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'HPE_CLOSED_CONNECTION')
