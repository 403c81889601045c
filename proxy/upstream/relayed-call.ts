import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Upstream } from '../ingress/target.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import type { TappedCall } from '../tape/tap.ts'
import type { ResponseHead } from './headers.ts'
import type { UpstreamRequest } from './upstream-request.ts'

export type OutboundRequest = Pick<UpstreamRequest, 'headers' | 'body'>

/** One call, ready to be relayed. */
export type RelayedCall = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly upstream: Upstream
  readonly path: string
  readonly request: OutboundRequest
  /** Set where usage was injected into `request`: makes the client's original request, for a retry. */
  readonly originalRequest?: (() => OutboundRequest) | undefined
  /** name, value, ...: added to the response; read when its head arrives. */
  extraHeaders(): readonly string[]
  /** Shown the response after the client has it. */
  readonly tap: Pick<TappedCall, 'responseHead' | 'responseData'>
  /**
   * Set for a WebSocket handshake: the upstream has switched protocols. The callee must call `onEnd` when the
   * connection has ended.
   */
  onUpgrade?(head: ResponseHead, upstream: Duplex, onEnd: (end: RelayEnd) => void): void
  /** The upstream refused the injected usage option, and responded to the original request with this status. */
  onUsageRefused?(status: number): void
  /**
   * The relay has ended; the last bytes may still be in the client socket's buffer. Called once.
   * @param cutFrames undefined where the last request had no usage injected
   */
  onEnd(end: RelayEnd, cutFrames: number | undefined): void
}
