import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { isFull, type QueueTrouble, type Room } from './queue-room.ts'

export type QueueGateEvents = {
  queueReady(): void
  queueUnavailable(reason: QueueTrouble): void
}

export type QueueGateOptions = {
  /** Looks how much room there is. Never rejects. */
  readonly look: () => Promise<Room>
  readonly events: QueueGateEvents
  readonly everyMs?: number
  /** Between looks at a queue that does not answer. */
  readonly backoff?: Backoff
}

/** Lets packs through to Redis as long as there is room, and looks once a second. Closed at first. */
export type QueueGate = {
  start(): void
  /** Looks without waiting for the next second: something may have changed. */
  lookNow(): void
  /** Resolves when a pack may go; rejects when the signal aborts or the gate is stopped while closed. */
  pass(signal: AbortSignal): Promise<void>
  /** Closes it until a look finds room again. */
  shut(reason: QueueTrouble): void
  stop(): void
}

export function createQueueGate({ look, events, everyMs = 1_000, ...options }: QueueGateOptions): QueueGate {
  const backoff = options.backoff ?? { baseMs: 1_000, maxMs: 5_000 }
  const stopped = manyListenerAbort()
  let room = 0
  let trouble: QueueTrouble | undefined = 'disconnected'
  let failures = 0
  let opened = manyListenerAbort()
  let awaited = new AbortController()

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      const found = await look()
      if (found.trouble === undefined) open(found.packs)
      else shut(found.trouble)
      awaited = new AbortController()
      const answered = found.trouble === undefined || isFull(found.trouble)
      failures = answered ? 0 : failures + 1
      const ms = answered ? everyMs : backoffMs(failures - 1, backoff)
      await pause(ms, AbortSignal.any([stopped.signal, awaited.signal]))
    }
  }

  function open(packs: number): void {
    if (trouble !== undefined) events.queueReady()
    trouble = undefined
    room = packs
    opened.abort()
    opened = manyListenerAbort()
  }

  function shut(reason: QueueTrouble): void {
    if (trouble !== reason) events.queueUnavailable(reason)
    trouble = reason
    room = 0
  }

  async function pass(signal: AbortSignal): Promise<void> {
    while (room === 0) {
      signal.throwIfAborted()
      stopped.signal.throwIfAborted()
      await untilAborted(signal, stopped.signal, opened.signal)
    }
    room -= 1
  }

  return {
    start: () => void watch(),
    lookNow: () => awaited.abort(),
    pass,
    shut,
    stop: () => stopped.abort(),
  }
}
