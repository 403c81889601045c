import type { Server, ServerResponse } from 'node:http'
import type { LatestResponse } from './latest-responses.ts'

/** @returns the bytes of a whole HTTP response */
export type OnMalformed = (cause: Error) => string

/**
 * Responds to bytes that the server cannot parse as a request, and closes the connection: where the next
 * request would begin is unknown. Without a response where one before it is still being sent, or where the
 * client has gone.
 */
export function respondToMalformed(server: Server, latest: LatestResponse, onMalformed: OnMalformed): void {
  server.on('clientError', (cause, socket) => {
    if (isDisconnect(cause) || !socket.writable || !canRespond(latest(socket))) return void socket.destroy()
    socket.end(onMalformed(cause), () => socket.destroy())
  })
}

/** True when the next response on the connection is the one to the malformed bytes: a new request, or a request's body. */
function canRespond(latest: ServerResponse | undefined): boolean {
  if (latest === undefined) return true
  return latest.req.complete ? latest.writableFinished : !latest.headersSent
}

/** The client has gone, or sends more on a connection that a response has closed. */
const isDisconnect = (cause: Error): boolean =>
  'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'HPE_CLOSED_CONNECTION')
