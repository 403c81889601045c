import type { Part } from '../../shared/lifecycle.ts'
import { createCountingThread, type ThreadMessage } from './counting-thread.ts'
import type { CountTokens } from './estimate.ts'

export type TokenCounter = Part & { readonly count: CountTokens }

type CountRequest = {
  readonly id: number
  readonly lists: readonly (readonly string[])[]
  readonly resolve: (counts: readonly number[]) => void
  readonly reject: (cause: Error) => void
}

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
 * 65 MB and 150 ms, on a busy machine many times as long: it is loaded with the first request, requests wait for it
 * however long it takes, and for each other, so that the deadline of one begins when it is its turn.
 * @param script the built thread.js
 */
export function createTokenCounter(script: URL, { deadlineMs, idleMs } = counterTimes): TokenCounter {
  /** In order; the first is being counted where there is a deadline. */
  const requests: CountRequest[] = []
  const thread = createCountingThread(script, { idleMs, isNeeded: () => requests.length > 0, receive, fail })
  let deadline: NodeJS.Timeout | undefined
  let nextId = 0

  function receive(message: ThreadMessage): void {
    if ('counts' in message && message.id === requests[0]?.id) takeFirst()?.resolve(message.counts)
    countNext()
  }

  function countNext(): void {
    const [first] = requests
    if (first === undefined || !thread.isReady || deadline !== undefined) return
    deadline = setTimeout(
      () => fail(new Error(`tokens were not counted within ${deadlineMs} ms`)),
      deadlineMs,
    )
    thread.post(first.id, first.lists)
  }

  function takeFirst(): CountRequest | undefined {
    clearTimeout(deadline)
    deadline = undefined
    thread.awaitIdleness()
    return requests.shift()
  }

  /** Gives up the request that is being counted, and all of them where the vocabulary cannot be loaded. */
  function fail(cause: Error): void {
    if (thread.isReady) {
      thread.terminate()
      takeFirst()?.reject(cause)
      if (requests.length > 0) thread.start()
    } else stop(cause)
  }

  function stop(cause: Error): void {
    while (requests.length > 0) takeFirst()?.reject(cause)
    thread.terminate()
  }

  return {
    name: 'token counter',
    stop: () => stop(new Error('the token counter was stopped')),
    count(lists) {
      thread.start()
      return new Promise((resolve, reject) => {
        requests.push({ id: nextId++, lists, resolve, reject })
        countNext()
      })
    },
  }
}
