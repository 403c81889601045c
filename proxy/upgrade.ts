import type { OnUpgrade } from '../shared/http/upgrades.ts'
import { type ProxyParts, reject } from './app.ts'
import { holdHandshake, rejectHandshakeBody } from './ingress/handshake.ts'
import { rejectAmbiguous } from './ingress/reject-ambiguous.ts'
import { observeCall } from './observed-call.ts'
import { relay } from './upstream/relay.ts'
import { openTunnel, switchingProtocols } from './upstream/tunnel.ts'
import { upstreamRequest } from './upstream/upstream-request.ts'

/**
 * The whole path of a WebSocket (the Realtime API), from its handshake to its record. Frames are not read: the
 * record, whose operation is `relay`, has the bytes both ways and the duration.
 */
export function createUpgrade(parts: ProxyParts): OnUpgrade {
  const { clock, events } = parts
  return (incoming, socket, head) => {
    const started = { startedAt: clock.now(), startedMonotonic: clock.monotonic() }
    const handshake = holdHandshake(incoming, socket)
    const { outgoing } = handshake
    const target =
      rejectAmbiguous(incoming) ??
      rejectHandshakeBody(incoming) ??
      parts.findTarget('GET', incoming.url ?? '')
    if ('failure' in target) return reject(outgoing, target.failure, events)

    const observed = observeCall(incoming, target, { kind: 'none' }, started, parts)
    let clientBytes = head.length
    relay(
      {
        incoming,
        outgoing,
        upstream: target.upstream,
        path: target.path,
        request: upstreamRequest(incoming, target.upstream, { kind: 'none' }),
        extraHeaders: observed.extraHeaders,
        observer: observed.observer,
        onUpgrade(response, upstream, onEnd) {
          const client = handshake.release()
          client.write(switchingProtocols(response.fields.concat(observed.extraHeaders())))
          upstream.write(head)
          // WebSocket frames are binary, whatever content type the handshake response names.
          observed.observer.responseStarted(101, {
            ...response.byName,
            'content-type': 'application/octet-stream',
          })
          openTunnel({
            client,
            upstream,
            origin: target.upstream.origin,
            onClientData: (chunk) => {
              clientBytes += chunk.length
            },
            onUpstreamData: observed.observer.responseData,
            onEnd,
          })
        },
        onEnd: (end) => observed.end(end, clientBytes),
      },
      parts.dispatcher,
    )
  }
}
