import { Worker } from 'node:worker_threads'
import type { Part } from '../../shared/lifecycle.ts'
import type { CountTokens } from './estimate.ts'

export type TokenCounter = Part & { readonly count: CountTokens }

type CountRequest = {
  readonly id: number
  readonly lists: readonly (readonly string[])[]
  readonly resolve: (counts: readonly number[]) => void
  readonly reject: (cause: Error) => void
}

/** What the thread posts: once that it has loaded the vocabulary, then counts. */
export type ThreadMessage =
  | { readonly ready: true }
  | { readonly id: number; readonly counts: readonly number[] }

export type CounterTimes = {
  /** A thread that takes longer to count for one request, once it has its vocabulary, is terminated. */
  readonly deadlineMs: number
  /** An idle thread is terminated after so long, which frees its memory. */
  readonly idleMs: number
}

/** Counting takes a few ms of CPU; on a busy machine the thread may have to wait for them. */
const counterTimes: CounterTimes = { deadlineMs: 60_000, idleMs: 300_000 }

/**
 * Counts tokens in a thread, because proxy and worker may share this process's event loop. Loading the vocabulary takes
 * 65 MB and 150 ms, on a busy machine many times as long: it is loaded at the start, requests wait for it however long
 * it takes, and for each other, so that the deadline of one begins when it is its turn.
 * @param thread the built thread.js
 */
export function createTokenCounter(thread: URL, { deadlineMs, idleMs } = counterTimes): TokenCounter {
  /** In order; the first is being counted where there is a deadline. */
  const requests: CountRequest[] = []
  let running: Worker | undefined
  let isReady = false
  let deadline: NodeJS.Timeout | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let nextId = 0

  function start(): void {
    running ??= load()
    awaitIdleness()
  }

  function awaitIdleness(): void {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => {
      if (requests.length === 0) terminate()
    }, idleMs).unref()
  }

  function load(): Worker {
    const worker = new Worker(thread, { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    // Counting alone must not keep a stopping process alive.
    worker.unref()
    worker.on('message', (message: ThreadMessage) => {
      if (worker === running) receive(message)
    })
    worker.on('error', (cause) => {
      if (worker === running) fail(cause)
    })
    return worker
  }

  function receive(message: ThreadMessage): void {
    if ('ready' in message) isReady = true
    else if (message.id === requests[0]?.id) takeFirst()?.resolve(message.counts)
    countNext()
  }

  function countNext(): void {
    const [first] = requests
    if (first === undefined || !isReady || deadline !== undefined) return
    deadline = setTimeout(
      () => fail(new Error(`tokens were not counted within ${deadlineMs} ms`)),
      deadlineMs,
    )
    running?.postMessage({ id: first.id, lists: first.lists })
  }

  function takeFirst(): CountRequest | undefined {
    clearTimeout(deadline)
    deadline = undefined
    awaitIdleness()
    return requests.shift()
  }

  /** Gives up the request that is being counted, and all of them where the vocabulary cannot be loaded. */
  function fail(cause: Error): void {
    if (isReady) {
      terminate()
      takeFirst()?.reject(cause)
      if (requests.length > 0) start()
    } else stop(cause)
  }

  function terminate(): void {
    void running?.terminate()
    running = undefined
    isReady = false
  }

  function stop(cause: Error): void {
    terminate()
    while (requests.length > 0) takeFirst()?.reject(cause)
    clearTimeout(idleTimer)
  }

  return {
    name: 'token counter',
    start,
    stop: () => stop(new Error('the token counter was stopped')),
    count(lists) {
      start()
      return new Promise((resolve, reject) => {
        requests.push({ id: nextId++, lists, resolve, reject })
        countNext()
      })
    },
  }
}
