import type { Clock } from './clock.ts'

/**
 * Notes what is about to run, for the line about a block: never content.
 * @param at ms on the monotonic clock, where the caller knows it
 */
export type Note = (activity: string, at?: number) => void

export type LoopWatchOptions = {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Called with each look: by how many ms the loop was late. */
  readonly onDelay: (ms: number) => void
  /** Called when the loop was blocked for longer than `blockMs`. @param activity what ran longest meanwhile */
  readonly onBlock: (ms: number, activity: string) => void
}

/** Watches how late the event loop of its thread runs. A part of a lifecycle. */
export type LoopWatch = {
  readonly name: string
  start(): void
  stop(): void
  readonly note: Note
  /**
   * Whether the loop has just been blocked, so that what came meanwhile may not be known yet.
   * @param now ms on the monotonic clock
   */
  wasBlocked(now: number): boolean
}

const everyMs = 20
const blockMs = 50

/** Costs one timer every 20 ms; sees every block that is longer than that. */
export function createLoopWatch({ clock, onDelay, onBlock }: LoopWatchOptions): LoopWatch {
  let activity = ''
  let activeSince = 0
  /** Of what has ended since the last look. Other timers may run between the block and the look that finds it. */
  let longest = ''
  let longestMs = 0
  let timer: NodeJS.Timeout | undefined
  let dueAt = 0
  let settledAt = 0

  function note(next: string, at = clock.monotonic()): void {
    if (at - activeSince > longestMs) {
      longest = activity
      longestMs = at - activeSince
    }
    activity = next
    activeSince = at
  }

  function look(): void {
    const now = clock.monotonic()
    note(activity, now)
    const delayMs = Math.max(0, now - dueAt)
    onDelay(delayMs)
    if (delayMs > blockMs) {
      settledAt = now + everyMs
      onBlock(delayMs, longest)
    }
    longestMs = 0
    dueAt = now + everyMs
    timer = setTimeout(look, everyMs).unref()
  }

  return {
    name: 'loop watch',
    note,
    wasBlocked: (now) => now < settledAt || now - dueAt > blockMs,
    start() {
      activeSince = clock.monotonic()
      dueAt = activeSince + everyMs
      timer = setTimeout(look, everyMs).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
