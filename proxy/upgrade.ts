import type { OnUpgrade } from '../shared/http/upgrades.ts'
import { reject, targetOf, tooManyCalls } from './app.ts'
import { beginCall } from './begin-call.ts'
import { idHeaders } from './id-headers.ts'
import { holdHandshake, rejectHandshakeBody } from './ingress/handshake.ts'
import type { RelayParts } from './relay-parts.ts'
import { relay } from './upstream/relay.ts'
import { openTunnel, switchingProtocols } from './upstream/tunnel.ts'
import { upstreamRequest } from './upstream/upstream-request.ts'

const noBody = { kind: 'none' } as const

/**
 * The whole path of a WebSocket (the Realtime API), from its handshake to its end. Frames are not read: the record,
 * whose operation is `relay`, has the bytes both ways and the duration.
 */
export function createUpgrade(parts: RelayParts): OnUpgrade {
  const { clock, events } = parts
  return (incoming, socket, head) => {
    const started = { at: clock.now(), monotonic: clock.monotonic() }
    const handshake = holdHandshake(incoming, socket)
    const { outgoing } = handshake
    const target = rejectHandshakeBody(incoming) ?? targetOf(incoming, 'GET', parts)
    if ('failure' in target) return reject(outgoing, target.failure, events)

    if (events.callsInFlight() >= parts.maxCalls) return reject(outgoing, tooManyCalls, events)

    const { tapped, ids } = beginCall(incoming, target, 'none', started, parts.tap)
    const callIds = ids(noBody)
    const extraHeaders = () => idHeaders(callIds, parts.presets)
    let clientBytes = head.length
    events.callStarted()
    relay(
      {
        incoming,
        outgoing,
        upstream: target.upstream,
        path: target.path,
        request: upstreamRequest(incoming, target.upstream, noBody),
        extraHeaders,
        tap: tapped,
        onUpgrade(response, upstream, onEnd) {
          const client = handshake.release()
          client.write(switchingProtocols(response.fields.concat(extraHeaders())))
          upstream.write(head)
          // WebSocket frames are binary, whatever content type the handshake response names.
          tapped.responseHead(101, [...response.recorded, 'content-type', 'application/octet-stream'])
          openTunnel({
            client,
            upstream,
            origin: target.upstream.origin,
            onClientData: (chunk) => {
              clientBytes += chunk.length
            },
            onUpstreamData: (chunk) => tapped.responseData(chunk),
            onEnd,
          })
        },
        onEnd(end) {
          events.callEnded()
          tapped.end(end, clientBytes)
        },
      },
      parts.dispatcher,
      parts.loopWatch.wasBlocked(started.monotonic),
    )
  }
}
