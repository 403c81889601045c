import { Worker } from 'node:worker_threads'
import type { Part } from '../../shared/lifecycle.ts'
import type { CountTokens } from './estimate.ts'

export type TokenCounter = Part & { readonly count: CountTokens }

type PendingRequest = {
  readonly resolve: (counts: readonly number[]) => void
  readonly reject: (cause: Error) => void
}
type Response = { readonly id: number; readonly counts: readonly number[] }

export type CounterTimes = {
  /** A thread that takes longer for one request is terminated. */
  readonly deadlineMs: number
  /** An idle thread is terminated after so long, which frees its memory. */
  readonly idleMs: number
}

const counterTimes: CounterTimes = { deadlineMs: 5_000, idleMs: 60_000 }

/**
 * Counts tokens in a thread, started with the first request: loading the vocabulary takes 150 ms and 65 MB,
 * and proxy and worker may share this process's event loop.
 * @param thread the built thread.js
 */
export function createTokenCounter(thread: URL, { deadlineMs, idleMs } = counterTimes): TokenCounter {
  const pending = new Map<number, PendingRequest>()
  let running: Worker | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let requests = 0

  function start(): Worker {
    const worker = new Worker(thread, { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    // Counting alone must not keep a stopping process alive.
    worker.unref()
    worker.on('message', ({ id, counts }: Response) => pending.get(id)?.resolve(counts))
    worker.on('error', (cause) => terminate(worker, cause))
    return worker
  }

  function terminate(worker: Worker, cause: Error): void {
    void worker.terminate()
    if (worker !== running) return
    running = undefined
    for (const { reject } of pending.values()) reject(cause)
  }

  const count: CountTokens = async (lists) => {
    clearTimeout(idleTimer)
    running ??= start()
    const worker = running
    const id = requests++
    const deadline = setTimeout(
      () => terminate(worker, new Error(`tokens were not counted within ${deadlineMs} ms`)),
      deadlineMs,
    )
    try {
      return await new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        worker.postMessage({ id, lists })
      })
    } finally {
      clearTimeout(deadline)
      pending.delete(id)
      if (pending.size === 0) idleTimer = setTimeout(stop, idleMs).unref()
    }
  }

  function stop(): void {
    clearTimeout(idleTimer)
    if (running !== undefined) terminate(running, new Error('the token counter was stopped'))
  }

  return { name: 'token counter', count, stop }
}
