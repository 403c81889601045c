import type { Dispatcher } from 'undici'
import { Exchange } from './exchange.ts'
import type { OutboundRequest, RelayedCall } from './relayed-call.ts'
import { retryWithoutUsage } from './retry-without-usage.ts'

/**
 * Sends a call to its upstream and the response to the client, each as fast as the other side takes it.
 * @param wasBlocked whether the event loop has just been blocked: idle connections may have been closed meanwhile
 */
export function relay(call: RelayedCall, dispatcher: Dispatcher, wasBlocked = false): void {
  const exchange = new Exchange(call)
  call.outgoing.on('close', () => exchange.clientClosed())
  if (wasBlocked) afterNextPoll(() => send(call, exchange, dispatcher))
  else send(call, exchange, dispatcher)
}

/**
 * Runs once the loop has looked at its sockets again: the end of one that was closed is known then, and the call, of which
 * nothing was sent, goes on another connection. On the closed one it would fail, and could not be sent again.
 */
const afterNextPoll = (next: () => void): void => void setImmediate(() => setImmediate(next))

function send(call: RelayedCall, exchange: Exchange, dispatcher: Dispatcher): void {
  const { request, originalRequest } = call
  if (originalRequest === undefined) return void dispatch(call, request, exchange, dispatcher)

  const resend = (): void => {
    exchange.usageRefused()
    dispatch(call, originalRequest(), exchange, dispatcher)
  }
  dispatch(call, request, retryWithoutUsage(exchange, resend), dispatcher)
}

/**
 * undici's own API below `request` and `fetch`: no streams or promises are made for a call, and header fields stay
 * as they are. `npm run loadtest:overhead` measures what that leaves.
 */
function dispatch(
  { incoming, upstream, path, onUpgrade }: RelayedCall,
  { headers, body }: OutboundRequest,
  handler: Dispatcher.DispatchHandler,
  dispatcher: Dispatcher,
): void {
  const method = (incoming.method ?? 'GET') as Dispatcher.HttpMethod
  const options = { origin: upstream.origin, path: path === '' ? '/' : path, method, headers, body }
  dispatcher.dispatch(onUpgrade === undefined ? options : { ...options, upgrade: 'websocket' }, handler)
}
