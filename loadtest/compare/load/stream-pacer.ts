type Turn = () => 'more' | 'done'
type Paced = { dueAt: number; readonly everyMs: number; readonly turn: Turn }

/**
 * Gives many streams their turns from one timer: each at its own times, one wake-up for those of the same
 * millisecond, no drift. A timer for each stream would cost the model more than its frames.
 */
export function streamPacer(): { add(everyMs: number, turn: Turn): void } {
  const streams = new Set<Paced>()
  let isTicking = false

  function tick(): void {
    const now = performance.now()
    for (const stream of streams) {
      while (stream.dueAt <= now) {
        stream.dueAt += stream.everyMs
        if (stream.turn() === 'done') {
          streams.delete(stream)
          break
        }
      }
    }
    isTicking = streams.size > 0
    if (isTicking) setTimeout(tick, 1)
  }

  return {
    add(everyMs, turn) {
      streams.add({ dueAt: performance.now() + everyMs, everyMs, turn })
      if (isTicking) return
      isTicking = true
      setTimeout(tick, 1)
    },
  }
}
