import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection between two processes, which can be made to fail. */
export type FaultLink = {
  readonly port: number
  /** Passes every byte on this much later, in both directions. */
  delay(ms: number): void
  /** Keeps and accepts connections, and passes nothing on: the other side seems to hang. */
  stall(): void
  /** Resets every connection, and each new one: the other side seems to be down. */
  refuse(): void
  /** Resets the connections that are open, once. */
  reset(): void
  /** Resets each connection after this many bytes of responses. */
  cutAfter(bytes: number): void
  /** Ends the responses' direction of the open connections, and goes on reading requests. */
  halfClose(): void
  /** Passes nothing on any more of the open connections, and tells neither end: as a firewall that lost its state. */
  forget(): void
  /** Passes on again, including what was held back. */
  heal(): void
  close(): Promise<void>
}

type Mode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'stall' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'cut_after'; readonly bytes: number }

type Pair = {
  readonly client: Socket
  readonly server: Socket
  responseBytes: number
  isForgotten: boolean
  readonly held: (() => void)[]
}

/** @param targetPort of 127.0.0.1; nobody has to listen there yet */
export async function startFaultLink(targetPort: number): Promise<FaultLink> {
  let mode: Mode = { kind: 'pass' }
  const pairs = new Set<Pair>()

  /** Runs what passes bytes on: now, later, or once the link is healed. */
  function pass(pair: Pair, step: () => void): void {
    if (pair.isForgotten) return
    if (mode.kind === 'stall') pair.held.push(step)
    else if (mode.kind === 'delay') setTimeout(step, mode.ms)
    else step()
  }

  function forward(pair: Pair, from: Socket, to: Socket): void {
    const isResponse = from === pair.server
    from.on('data', (chunk: Buffer) => {
      from.pause()
      pass(pair, () => {
        if (isResponse) pair.responseBytes += chunk.length
        if (mode.kind === 'cut_after' && pair.responseBytes >= mode.bytes) return breakPair(pair)
        if (to.destroyed || to.write(chunk)) from.resume()
        else to.once('drain', () => from.resume())
      })
    })
    from.on('end', () => pass(pair, () => to.end()))
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode.kind === 'refuse') return void client.on('error', () => undefined).resetAndDestroy()
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = { client, server: upstream, responseBytes: 0, isForgotten: false, held: [] }
    pairs.add(pair)
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      socket.on('error', () => breakPair(pair))
      socket.on('close', () => pairs.delete(pair))
    }
    forward(pair, client, upstream)
    forward(pair, upstream, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const breakAll = (): void => pairs.forEach(breakPair)

  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => {
      mode = { kind: 'delay', ms }
    },
    stall: () => {
      mode = { kind: 'stall' }
    },
    refuse() {
      mode = { kind: 'refuse' }
      breakAll()
    },
    reset: breakAll,
    cutAfter(bytes) {
      mode = { kind: 'cut_after', bytes }
      for (const pair of pairs) pair.responseBytes = 0
    },
    halfClose: () => pairs.forEach(({ client }) => void client.end()),
    forget() {
      for (const pair of pairs) {
        pair.isForgotten = true
        pair.held.length = 0
      }
    },
    heal() {
      mode = { kind: 'pass' }
      for (const { held } of pairs) for (const step of held.splice(0)) step()
    },
    async close() {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function breakPair({ client, server }: Pair): void {
  client.resetAndDestroy()
  server.resetAndDestroy()
}
