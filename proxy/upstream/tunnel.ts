import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RelayEnd } from '../tape/relay-end.ts'
import { callError, upstreamFault } from './faults.ts'

export type TunnelEnds = {
  readonly client: Socket
  readonly upstream: Duplex
  /** Names the upstream in errors. */
  readonly origin: string
  onClientData(chunk: Buffer): void
  onUpstreamData(chunk: Buffer): void
  /** Both sides have ended, or one has closed. Called once. */
  onEnd(end: RelayEnd): void
  /** For how long nothing may come or go once one side has ended, in ms. */
  readonly halfClosedMs?: number
}

/** A WebSocket ends with both its sides (RFC 6455 §7.1.1): what has not followed by then has lost its other end. */
const maxHalfClosedMs = 60_000

/** Pipes two sockets into each other, with back-pressure, until one of them is closed. */
export function openTunnel({
  client,
  upstream,
  origin,
  onClientData,
  onUpstreamData,
  onEnd,
  halfClosedMs = maxHalfClosedMs,
}: TunnelEnds): void {
  let fault: RelayEnd | undefined
  client.on('data', onClientData)
  upstream.on('data', onUpstreamData)
  client.pipe(upstream)
  upstream.pipe(client)
  upstream.on('error', (cause) => {
    fault = { kind: 'upstream_closed', error: callError(upstreamFault(cause, origin)) }
  })
  client.on('end', () => destroyWhenIdle(upstream, halfClosedMs, client))
  upstream.on('end', () => destroyWhenIdle(client, halfClosedMs, client))
  // Writes the upstream's last bytes first.
  upstream.on('close', () => client.destroySoon())
  client.on('close', () => {
    const isDone = client.readableEnded || upstream.readableEnded
    onEnd(fault ?? (isDone ? { kind: 'relayed' } : { kind: 'client_closed' }))
    upstream.destroy()
  })
}

/** @param tunnel is destroyed, and the other side with it */
function destroyWhenIdle(open: Duplex, ms: number, tunnel: Socket): void {
  if (open instanceof Socket) open.setTimeout(ms, () => tunnel.destroy())
}

/**
 * @param fields name, value, ...
 * @returns the whole head of a 101 response, as Latin-1
 */
export function switchingProtocols(fields: readonly string[]): Buffer {
  let head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`
  return Buffer.from(`${head}\r\n`, 'latin1')
}
