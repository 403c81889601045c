/** A task took longer than it was given. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded'
}

/**
 * Runs a task within a time limit. A task that is given up goes on unless it heeds the signal; what becomes
 * of it then is ignored, a late rejection included.
 * @param ms milliseconds
 * @param task gets a signal that aborts when its time is up
 * @param message of the error
 * @returns what the task returns; rejects with its error, or with DeadlineExceeded when it takes longer
 */
export async function withDeadline<T>(
  ms: number,
  task: (signal: AbortSignal) => T | Promise<T>,
  message = `not done within ${ms} ms`,
): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const exceeded = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First, so that a task that rejects on abort cannot pass its AbortError off as the reason.
      reject(new DeadlineExceeded(message))
      controller.abort()
    }, ms)
  })
  try {
    return await Promise.race([task(controller.signal), exceeded])
  } finally {
    clearTimeout(timer)
  }
}
