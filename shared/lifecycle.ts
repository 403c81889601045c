import { manyListenerAbort, untilAborted } from './timing/abort.ts'
import { DeadlineExceeded, withDeadline } from './timing/deadline.ts'

/** Something that runs: started once, stopped once. */
export type Part = {
  readonly name: string
  start?(): Promise<void> | void
  /**
   * @param deadline aborts when the time for stopping is used up: finish at once what can be finished, within
   * `stopGraceMs`
   */
  stop?(deadline: AbortSignal): Promise<void> | void
}

export type Lifecycle = {
  /**
   * Starts the parts in order; when one fails, stops those before it and rejects with its error.
   * @param stopTimeoutMs for that stopping
   */
  start(stopTimeoutMs?: number): Promise<void>
  /**
   * Stops what was started, in reverse, each part getting what is left of the time. Never rejects.
   * @param forceStop ends that time early when it aborts
   * @returns the names of the parts that did not stop in time and may still be running
   */
  stop(timeoutMs: number, forceStop?: AbortSignal): Promise<readonly string[]>
}

/**
 * What each part gets beyond the deadline. The longest known need is the publisher's: 1.5 s for a hand-over
 * to Redis that has begun. One part that hangs still fits between the default SHUTDOWN_TIMEOUT of 25 s and
 * the 30 s after which Kubernetes kills a pod.
 */
const stopGraceMs = 3_000

/**
 * For parts that are themselves parts of one that is stopped: whoever holds them is named before that one is given up. Beyond
 * the publisher's need, too.
 */
export const innerStopGraceMs = 2_000

/** Of that, for each further part once one has used it up: several that hang must not add up. */
const laterGraceShare = 0.2

const failedStartTimeoutMs = 5_000

/**
 * @param onStopFailure called for each part that failed to stop or did not stop in time; the others are
 * stopped all the same
 */
export function createLifecycle(
  parts: readonly Part[],
  onStopFailure: (part: string, cause: unknown) => void,
  graceMs = stopGraceMs,
): Lifecycle {
  const running: Part[] = []

  async function start(stopTimeoutMs = failedStartTimeoutMs): Promise<void> {
    for (const part of parts) {
      try {
        await part.start?.()
        running.push(part)
      } catch (cause) {
        await stop(stopTimeoutMs)
        throw cause
      }
    }
  }

  async function stop(timeoutMs: number, forceStop?: AbortSignal): Promise<readonly string[]> {
    const deadline = manyListenerAbort()
    const onDeadline = (): void => deadline.abort()
    const timer = setTimeout(onDeadline, timeoutMs)
    if (forceStop?.aborted) onDeadline()
    forceStop?.addEventListener('abort', onDeadline)
    try {
      return await stopRunning(deadline.signal)
    } finally {
      clearTimeout(timer)
      forceStop?.removeEventListener('abort', onDeadline)
    }
  }

  async function stopRunning(deadline: AbortSignal): Promise<readonly string[]> {
    const overdue: string[] = []
    for (let part = running.pop(); part !== undefined; part = running.pop()) {
      try {
        await stopPart(part, deadline, overdue.length === 0 ? graceMs : graceMs * laterGraceShare)
      } catch (cause) {
        if (cause instanceof DeadlineExceeded) overdue.push(part.name)
        onStopFailure(part.name, cause)
      }
    }
    return overdue
  }

  async function stopPart(part: Part, deadline: AbortSignal, allowedMs: number): Promise<void> {
    const stopping = Promise.resolve(part.stop?.(deadline))
    await Promise.race([stopping, untilAborted(deadline)])
    await withDeadline(allowedMs, () => stopping, `the part "${part.name}" did not stop in time`)
  }

  return { start, stop }
}
