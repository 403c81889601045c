/** Counts the calls that have ended and whose records are not complete yet. */
export type PendingRecords = {
  /** Adds one. @returns to be called once, when its record has been accepted or there will be none */
  begin(): () => void
  /** Resolves when none is pending. */
  idle(): Promise<void>
}

export function createPendingRecords(): PendingRecords {
  let count = 0
  let waiting: (() => void)[] = []

  function end(): void {
    count -= 1
    if (count > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }

  return {
    begin() {
      count += 1
      return end
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  }
}
