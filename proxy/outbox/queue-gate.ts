import { manyListenerAbort, untilAborted } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import { isFull, type QueueTrouble, type Room } from './queue-room.ts'

export type QueueGateEvents = {
  queueReady(): void
  /** Called for every check that finds no room, and for a hand-over that fails while the gate is open. */
  queueUnavailable(reason: QueueTrouble, cause?: unknown): void
}

export type QueueGateOptions = {
  /** Finds out how much room Redis has. Never rejects. */
  readonly check: () => Promise<Room>
  readonly events: QueueGateEvents
  readonly everyMs?: number
  /** Between checks of a queue that does not respond. */
  readonly backoff?: Backoff
}

/** Lets packs through to Redis as long as there is room, which it checks once a second. Closed at first. */
export type QueueGate = {
  start(): void
  /** Checks before the next second is over. */
  checkNow(): void
  /** Resolves when a pack may go; rejects when the signal aborts or the gate is stopped while closed. */
  pass(signal: AbortSignal): Promise<void>
  /** Lets nothing through until a check finds room again. */
  close(reason: QueueTrouble): void
  stop(): void
}

type State = { readonly kind: 'open'; readonly room: number } | { readonly kind: 'closed' }

export function createQueueGate({ check, events, everyMs = 1_000, ...options }: QueueGateOptions): QueueGate {
  const backoff = options.backoff ?? { baseMs: 1_000, maxMs: 5_000 }
  const stopped = manyListenerAbort()
  let state: State = { kind: 'closed' }
  let roomFound = manyListenerAbort()
  let wakeUp = new AbortController()

  async function checkRegularly(): Promise<void> {
    let failures = 0
    while (!stopped.signal.aborted) {
      const { packs, trouble, cause } = await check()
      if (trouble === undefined) open(packs)
      else {
        state = { kind: 'closed' }
        events.queueUnavailable(trouble, cause)
      }
      wakeUp = new AbortController()
      const responded = trouble === undefined || isFull(trouble)
      failures = responded ? 0 : failures + 1
      const ms = responded ? everyMs : backoffMs(failures - 1, backoff)
      await pause(ms, stopped.signal, wakeUp.signal)
    }
  }

  function open(room: number): void {
    if (state.kind === 'closed') events.queueReady()
    state = { kind: 'open', room }
    roomFound.abort()
    roomFound = manyListenerAbort()
  }

  function close(reason: QueueTrouble): void {
    if (state.kind === 'open') events.queueUnavailable(reason)
    state = { kind: 'closed' }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    while (state.kind === 'closed' || state.room === 0) {
      signal.throwIfAborted()
      stopped.signal.throwIfAborted()
      await untilAborted(signal, stopped.signal, roomFound.signal)
    }
    state = { kind: 'open', room: state.room - 1 }
  }

  return {
    start: () => void checkRegularly(),
    checkNow: () => wakeUp.abort(),
    pass,
    close,
    stop: () => stopped.abort(),
  }
}
