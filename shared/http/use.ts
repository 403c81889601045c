import type { Duplex } from 'node:stream'
import type { AnyServer } from './create-server.ts'
import type { LatestResponse } from './latest-responses.ts'

/** Which connections of a server somebody is waiting on. */
export type ServerUse = {
  /** A connection that was taken over, by a WebSocket: in use until it is closed. */
  takeOver(socket: Duplex): void
  /** To be called for each: a pipelined response that waits for its turn gets no event when its client leaves. */
  closed(socket: Duplex): void
  /** From now on a connection is closed after the response that it is in use for, which says so. */
  endKeepAlive(): void
  /** Resolves when none is in use. */
  none(): Promise<void>
}

/** @param onResponseClosed called when a response has ended, or its client has left */
export function trackUse(server: AnyServer, latest: LatestResponse, onResponseClosed: () => void): ServerUse {
  /** Responses that have not ended, by connection. */
  const pending = new Map<Duplex, number>()
  let isEnding = false
  let waiting: (() => void)[] = []

  function release(socket: Duplex): void {
    pending.delete(socket)
    if (pending.size > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }

  function responseClosed(socket: Duplex): void {
    const left = (pending.get(socket) ?? 0) - 1
    if (left > 0) pending.set(socket, left)
    else release(socket)
    onResponseClosed()
  }

  // Before the listener, which may answer at once.
  server.prependListener('request', ({ socket }, outgoing) => {
    pending.set(socket, (pending.get(socket) ?? 0) + 1)
    if (isEnding) outgoing.shouldKeepAlive = false
    outgoing.once('close', () => responseClosed(socket))
  })
  return {
    closed: release,
    takeOver: (socket) => pending.set(socket, Number.POSITIVE_INFINITY),
    endKeepAlive() {
      isEnding = true
      for (const socket of pending.keys()) {
        // The last one: what was pipelined before it is answered first.
        const response = latest(socket)
        if (response?.headersSent === false) response.shouldKeepAlive = false
      }
    },
    none: () =>
      pending.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  }
}
