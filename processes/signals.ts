/** The shutdown signals that a process receives from a terminal or an orchestrator. */
export type Shutdown = {
  /** Resolves with the first signal. */
  readonly requested: Promise<NodeJS.Signals>
  /** Aborts on a second signal: stop without waiting. */
  readonly forceStop: AbortSignal
  /** Restores the default handling of the signals. */
  dispose(): void
}

// npm forwards Ctrl-C to a child that already got it from the terminal: one request arrives twice.
const duplicateWindowMs = 500

/** Handles SIGINT and SIGTERM. */
export function listenForShutdown(): Shutdown {
  const forceStop = new AbortController()
  let resolveRequested: (signal: NodeJS.Signals) => void
  const requested = new Promise<NodeJS.Signals>((resolve) => {
    resolveRequested = resolve
  })
  let firstAt: number | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (firstAt === undefined) {
      firstAt = now
      resolveRequested(signal)
    } else if (now - firstAt > duplicateWindowMs) {
      forceStop.abort()
    }
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    requested,
    forceStop: forceStop.signal,
    dispose() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
