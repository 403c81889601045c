import { WaitedInVain } from './wait-for.ts'

const lookEveryMs = 1_000

/**
 * Runs a task, and gives it up once nothing has changed for so long; it then goes on, and what becomes of it is ignored.
 * @param read what there is of progress, as text for the error
 * @throws WaitedInVain with the last of it
 */
export async function whileProgressing<T>(
  task: () => Promise<T>,
  read: () => string,
  patienceMs: number,
): Promise<T> {
  const over = new AbortController()
  try {
    return await Promise.race([task(), untilStuck(read, patienceMs, over.signal)])
  } finally {
    over.abort()
  }
}

/** Rejects when it is stuck; never resolves. */
function untilStuck(read: () => string, patienceMs: number, over: AbortSignal): Promise<never> {
  let [last, changedAt] = [read(), performance.now()]
  return new Promise((_, reject) => {
    const timer = setInterval(
      () => {
        const now = read()
        if (now !== last) [last, changedAt] = [now, performance.now()]
        const stuckMs = performance.now() - changedAt
        if (stuckMs > patienceMs) {
          reject(new WaitedInVain(`nothing has changed for ${(stuckMs / 1_000).toFixed(0)} s: ${now}`))
        }
      },
      Math.min(lookEveryMs, patienceMs),
    )
    over.addEventListener('abort', () => clearInterval(timer))
  })
}
