import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AnyServer } from './create-server.ts'
import type { LatestResponse } from './latest-responses.ts'

/** @returns the bytes of a whole HTTP response */
export type OnMalformed = (cause: Error) => string

export type OnTlsFailure = (cause: Error) => void

/**
 * Responds to bytes that the server cannot parse as a request, and closes the connection: where the next
 * request would begin is unknown. Without a response where one before it is still being sent, or where the
 * client has gone.
 */
export function respondToMalformed(
  server: AnyServer,
  latest: LatestResponse,
  onMalformed: OnMalformed,
  onTlsFailure: OnTlsFailure,
): void {
  server.on('clientError', (cause: Error, socket: Duplex) => {
    if (isTlsFailure(cause)) {
      onTlsFailure(cause)
      return void socket.destroy()
    }
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

/** Node emits failed handshakes as `clientError` too; there is nobody who could read a response. */
const isTlsFailure = (cause: Error): boolean =>
  'code' in cause && /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(String(cause.code))
