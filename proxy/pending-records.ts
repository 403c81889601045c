/** Calls that are over while their records are still being put together. */
export type PendingRecords = {
  /** One more. @returns to be called once, when its record has been handed on or there will be none */
  begin(): () => void
  /** Resolves when there are none. */
  idle(): Promise<void>
}

export function createPendingRecords(): PendingRecords {
  let count = 0
  let waiting: (() => void)[] = []

  function end(): void {
    count -= 1
    if (count > 0) return
    for (const tell of waiting) tell()
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
