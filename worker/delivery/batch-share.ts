/** The share of a full batch that a sink gets at once. */
export type BatchShare = {
  current(): number
  /** A batch of this share had no answer in time. */
  timedOut(share: number): void
  passed(): void
}

/** A single record of the largest batch that may be configured. */
const minShare = 1 / 1_024

/** Halves after a time-out, because a slow server may answer to less, and doubles with each batch that passes. */
export function createBatchShare(): BatchShare {
  let share = 1
  return {
    current: () => share,
    // Batches that time out together say the same thing once.
    timedOut: (sent) => {
      share = Math.max(minShare, Math.min(share, sent / 2))
    },
    passed: () => {
      share = Math.min(1, share * 2)
    },
  }
}
