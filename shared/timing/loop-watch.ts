import type { Clock } from './clock.ts'

/** Notes what is about to run, for the line about a block: never content. */
export type Note = (activity: string) => void

export type LoopWatchOptions = {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Called with each look: by how many ms the loop was late. */
  readonly onDelay: (ms: number) => void
  /** Called when the loop was blocked for longer than `blockMs`. @param activity what was begun last before that */
  readonly onBlock: (ms: number, activity: string) => void
}

/** Watches how late the event loop of its thread runs. A part of a lifecycle. */
export type LoopWatch = {
  readonly name: string
  start(): void
  stop(): void
  readonly note: Note
}

const everyMs = 20
const blockMs = 50

/** Costs one timer every 20 ms; sees every block that is longer than that. */
export function createLoopWatch({ clock, onDelay, onBlock }: LoopWatchOptions): LoopWatch {
  let activity = ''
  let timer: NodeJS.Timeout | undefined
  let dueAt = 0

  function look(): void {
    const now = clock.monotonic()
    const delayMs = Math.max(0, now - dueAt)
    onDelay(delayMs)
    if (delayMs > blockMs) onBlock(delayMs, activity)
    dueAt = now + everyMs
    timer = setTimeout(look, everyMs).unref()
  }

  return {
    name: 'loop watch',
    note(what) {
      activity = what
    },
    start() {
      dueAt = clock.monotonic() + everyMs
      timer = setTimeout(look, everyMs).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
