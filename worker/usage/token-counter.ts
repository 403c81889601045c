import { Worker } from 'node:worker_threads'
import type { Part } from '../../shared/lifecycle.ts'
import type { CountTokens } from './estimate.ts'

export type TokenCounter = Part & { readonly count: CountTokens }

type Waiting = {
  readonly resolve: (counts: readonly number[]) => void
  readonly reject: (why: Error) => void
}
type Answer = { readonly id: number; readonly counts: readonly number[] }

export type CounterTimes = {
  /** A thread that takes longer for one request is ended. */
  readonly deadlineMs: number
  /** A thread that has nothing to do for so long is ended, and gives its memory back. */
  readonly idleMs: number
}

const counterTimes: CounterTimes = { deadlineMs: 5_000, idleMs: 60_000 }

/**
 * Counts tokens in a thread of its own, started at the first need: loading the vocabulary takes 150 ms and
 * 65 MB, and where proxy and worker are one process, calls go by meanwhile.
 * @param thread the built thread.js
 */
export function createTokenCounter(thread: URL, { deadlineMs, idleMs } = counterTimes): TokenCounter {
  const waiting = new Map<number, Waiting>()
  let running: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let requests = 0

  function start(): Worker {
    const worker = new Worker(thread, { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    // Counting alone must not keep a process up that has been told to stop.
    worker.unref()
    worker.on('message', ({ id, counts }: Answer) => waiting.get(id)?.resolve(counts))
    worker.on('error', (cause) => giveUp(worker, cause))
    return worker
  }

  function giveUp(worker: Worker, why: Error): void {
    void worker.terminate()
    if (worker !== running) return
    running = undefined
    for (const { reject } of waiting.values()) reject(why)
  }

  const count: CountTokens = async (lists) => {
    clearTimeout(idle)
    running ??= start()
    const worker = running
    const id = requests++
    const overdue = setTimeout(
      () => giveUp(worker, new Error(`tokens were not counted within ${deadlineMs} ms`)),
      deadlineMs,
    )
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, lists })
      })
    } finally {
      clearTimeout(overdue)
      waiting.delete(id)
      if (waiting.size === 0) idle = setTimeout(stop, idleMs).unref()
    }
  }

  function stop(): void {
    clearTimeout(idle)
    if (running !== undefined) giveUp(running, new Error('the token counter was stopped'))
  }

  return { name: 'token counter', count, stop }
}
