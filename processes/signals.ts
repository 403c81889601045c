/** What the terminal or the orchestrator asks of a running process. */
export type StopRequests = {
  /** Resolves with the first request to stop. */
  readonly first: Promise<NodeJS.Signals>
  /** Aborts when it is asked for again: now at once. */
  readonly again: AbortSignal
  /** Gives the signals their usual meaning back. */
  forget(): void
}

// npm hands Ctrl-C on to a child that the terminal has already told: the same request twice.
const oneRequestMs = 500

/** Listens for SIGINT and SIGTERM. */
export function listenForStop(): StopRequests {
  const forceStop = new AbortController()
  let resolveFirst: (signal: NodeJS.Signals) => void
  const first = new Promise<NodeJS.Signals>((resolve) => {
    resolveFirst = resolve
  })
  let firstAt: number | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (firstAt === undefined) {
      firstAt = now
      resolveFirst(signal)
    } else if (now - firstAt > oneRequestMs) {
      forceStop.abort()
    }
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    first,
    again: forceStop.signal,
    forget() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
