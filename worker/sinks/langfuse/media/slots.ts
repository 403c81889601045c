/** Runs a bounded number of tasks at once, and lets a bounded number wait. */
export type Slots = {
  /** @returns undefined where too many are waiting already */
  run<T>(task: () => Promise<T>): Promise<T> | undefined
}

export function createSlots(atOnce: number, maxWaiting: number): Slots {
  const waiting: (() => void)[] = []
  let running = 0

  async function start<T>(task: () => Promise<T>): Promise<T> {
    running += 1
    try {
      return await task()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }

  return {
    run(task) {
      if (running < atOnce) return start(task)
      if (waiting.length >= maxWaiting) return undefined
      return new Promise<void>((resolve) => void waiting.push(resolve)).then(() => start(task))
    },
  }
}
