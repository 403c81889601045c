/** How long a sink may take to answer; longer for one that has been slow. */
export type GrowingTimeout = {
  currentMs(): number
  /** An attempt with this timeout had no answer. */
  expired(timeoutMs: number): void
  answered(afterMs: number): void
}

/** No server that answers at all takes longer. */
const maxMs = 120_000

/**
 * Doubles after each time-out. A server that is slow but works would otherwise record every batch as often as it is sent
 * and never be waited for. Once it answers, the timeout comes down to twice the time that it took.
 * @param minMs LANGFUSE_TIMEOUT
 * @param onAnswer called with what `answered` is told
 */
export function createGrowingTimeout(
  minMs: number,
  onAnswer: (afterMs: number) => void = () => undefined,
): GrowingTimeout {
  let current = minMs
  return {
    currentMs: () => current,
    // Attempts that expire together say the same thing once.
    expired: (timeoutMs) => {
      current = Math.max(current, Math.min(timeoutMs * 2, maxMs, minMs * 64))
    },
    answered: (afterMs) => {
      onAnswer(afterMs)
      current = Math.max(minMs, Math.min(current, Math.ceil(afterMs * 2)))
    },
  }
}
