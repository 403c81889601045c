/** A loop that was blocked, or got no processor, has not seen what happened meanwhile: one turn of it says nothing. */
const turns = 4

/**
 * Calls back once the event loop has gone on for so long, turn after turn, and not before.
 * @returns ends it
 */
export function afterTurns(ms: number, onPassed: () => void): () => void {
  let left = turns
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    clearInterval(timer)
    onPassed()
  }, ms / turns).unref()
  return () => clearInterval(timer)
}
