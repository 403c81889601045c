import { Worker } from 'node:worker_threads'

/** What the thread posts: once that it has loaded the vocabulary, then counts. */
export type ThreadMessage =
  | { readonly ready: true }
  | { readonly id: number; readonly counts: readonly number[] }

export type CountingThread = {
  /** Whether it has loaded its vocabulary. */
  readonly isReady: boolean
  /** Loads the thread unless it is running. */
  start(): void
  post(id: number, lists: readonly (readonly string[])[]): void
  /** Starts the idle time anew. */
  awaitIdleness(): void
  terminate(): void
}

export type CountingThreadOptions = {
  /** Where it is not needed after so long, it is terminated. */
  readonly idleMs: number
  readonly isNeeded: () => boolean
  readonly receive: (message: ThreadMessage) => void
  readonly fail: (cause: Error) => void
}

/**
 * The thread that counts, loaded again after each end. What a terminated one still posts is ignored.
 * @param script the built thread.js
 */
export function createCountingThread(
  script: URL,
  { idleMs, isNeeded, receive, fail }: CountingThreadOptions,
): CountingThread {
  let running: Worker | undefined
  let isReady = false
  let idleTimer: NodeJS.Timeout | undefined

  function load(): Worker {
    const worker = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    // Counting alone must not keep a stopping process alive.
    worker.unref()
    worker.on('message', (message: ThreadMessage) => {
      if (worker !== running) return
      if ('ready' in message) isReady = true
      receive(message)
    })
    worker.on('error', (cause) => {
      if (worker === running) fail(cause)
    })
    return worker
  }

  function awaitIdleness(): void {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => {
      if (!isNeeded()) terminate()
    }, idleMs).unref()
  }

  function terminate(): void {
    clearTimeout(idleTimer)
    void running?.terminate()
    running = undefined
    isReady = false
  }

  return {
    get isReady() {
      return isReady
    },
    start() {
      running ??= load()
      awaitIdleness()
    },
    post: (id, lists) => running?.postMessage({ id, lists }),
    awaitIdleness,
    terminate,
  }
}
