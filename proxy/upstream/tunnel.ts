import type { Socket } from 'node:net'
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
}

/** Pipes two sockets into each other, with back-pressure, until one of them is closed. */
export function openTunnel({
  client,
  upstream,
  origin,
  onClientData,
  onUpstreamData,
  onEnd,
}: TunnelEnds): void {
  let fault: RelayEnd | undefined
  client.on('data', onClientData)
  upstream.on('data', onUpstreamData)
  client.pipe(upstream)
  upstream.pipe(client)
  upstream.on('error', (cause) => {
    fault = { kind: 'upstream_closed', error: callError(upstreamFault(cause, origin)) }
  })
  // Writes the upstream's last bytes first.
  upstream.on('close', () => client.destroySoon())
  client.on('close', () => {
    const isDone = client.readableEnded || upstream.readableEnded
    onEnd(fault ?? (isDone ? { kind: 'relayed' } : { kind: 'client_closed' }))
    upstream.destroy()
  })
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
