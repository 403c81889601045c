/** Something that runs: started once, stopped once. */
export type Part = {
  readonly name: string
  start?(): Promise<void> | void
  /** @param deadline aborts when the time for stopping is used up: finish what can be finished at once */
  stop?(deadline: AbortSignal): Promise<void> | void
}

export type Lifecycle = {
  /** Starts the parts in order; when one fails, stops those before it and rejects with its error. */
  start(): Promise<void>
  /**
   * Stops what was started, in reverse, each getting what is left of the time. Never rejects.
   * @param hurry ends that time early when it aborts
   */
  stop(timeoutMs: number, forceStop?: AbortSignal): Promise<void>
}

/** @param onStopFailure told of each part that failed to stop; the others are stopped all the same */
export function createLifecycle(
  parts: readonly Part[],
  onStopFailure: (part: string, cause: unknown) => void,
): Lifecycle {
  const running: Part[] = []

  async function stop(timeoutMs: number, forceStop?: AbortSignal): Promise<void> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    forceStop?.addEventListener('abort', () => deadline.abort())
    for (let part = running.pop(); part !== undefined; part = running.pop()) {
      try {
        await part.stop?.(deadline.signal)
      } catch (cause) {
        onStopFailure(part.name, cause)
      }
    }
    clearTimeout(timer)
  }

  async function start(): Promise<void> {
    for (const part of parts) {
      try {
        await part.start?.()
        running.push(part)
      } catch (cause) {
        await stop(5_000)
        throw cause
      }
    }
  }

  return { start, stop }
}
