import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { createTokenCounter, type TokenCounter } from './token-counter.ts'

const built = pathToFileURL('dist/worker/usage/thread.js')
const threadOf = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`)
const neverReady = threadOf('setInterval(() => {}, 1000)')
/** Counts 7 in any text but `trap`, which it never finishes; loading takes `loadMs`. */
const hanging = (loadMs = 0) =>
  threadOf(`
    import { parentPort } from 'node:worker_threads'
    await new Promise((loaded) => setTimeout(loaded, ${loadMs}))
    parentPort.on('message', ({ id, lists }) => {
      while (lists[0][0] === 'trap') {}
      parentPort.postMessage({ id, counts: [7] })
    })
    parentPort.postMessage({ ready: true })`)
/** Fails at `trap`, once it has loaded. */
const fragile = threadOf(`
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ id, lists }) => {
    if (lists[0][0] === 'trap') throw new Error('out of memory')
    parentPort.postMessage({ id, counts: [7] })
  })
  parentPort.postMessage({ ready: true })`)
const failing = threadOf('throw new Error("broken vocabulary")')

function counterOn(thread: URL, times?: Parameters<typeof createTokenCounter>[1]): TokenCounter {
  const counter = createTokenCounter(thread, times)
  onTestFinished(() => void counter.stop?.(AbortSignal.abort()))
  return counter
}

test('tokens are counted in the vocabulary of gpt-4o, special tokens as text', async () => {
  const { count } = counterOn(built)
  const counts = await count([
    ['Hello, world!'],
    ['Hello, world!', 'Hello, world!'],
    [],
    ['<|endoftext|>'],
    ['\ud83d'],
  ])
  expect(counts.slice(0, 3)).toEqual([4, 8, 0])
  expect(counts[3]).toBeGreaterThan(1)
})

test('several requests each get their own counts', async () => {
  const { count } = counterOn(built)
  expect(await Promise.all([count([['a']]), count([['a b c']]), count([[]])])).toEqual([[1], [3], [0]])
})

test('a request that takes too long is rejected, and those that wait get a new thread', async () => {
  const { count } = counterOn(hanging(), { deadlineMs: 500, idleMs: 60_000 })
  const waiting = [count([['trap']]), count([['a']]), count([['b']])]
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { status: 'rejected', reason: { message: 'tokens were not counted within 500 ms' } },
    { status: 'fulfilled', value: [7] },
    { status: 'fulfilled', value: [7] },
  ])
  expect(await count([['a']])).toEqual([7])
})

test('a request at which the thread fails is rejected, and those that wait get a new thread', async () => {
  const { count } = counterOn(fragile)
  expect(await Promise.allSettled([count([['trap']]), count([['a']])])).toMatchObject([
    { status: 'rejected', reason: { message: 'out of memory' } },
    { status: 'fulfilled', value: [7] },
  ])
})

test('loading has no deadline, and requests wait for it', async () => {
  const { count } = counterOn(hanging(1_500), { deadlineMs: 1_000, idleMs: 60_000 })
  expect(await Promise.all([count([['a']]), count([['b']]), count([['c']])])).toEqual([[7], [7], [7]])
})

test('a request has its deadline for itself, however long others took before it', async () => {
  const slow = threadOf(`
    import { parentPort } from 'node:worker_threads'
    const cell = new Int32Array(new SharedArrayBuffer(4))
    parentPort.on('message', ({ id }) => {
      Atomics.wait(cell, 0, 0, 50)
      parentPort.postMessage({ id, counts: [7] })
    })
    parentPort.postMessage({ ready: true })`)
  const { count } = counterOn(slow, { deadlineMs: 1_500, idleMs: 60_000 })
  const counts = await Promise.all(Array.from({ length: 40 }, () => count([['a']])))
  expect(counts).toHaveLength(40)
})

test('the thread is loaded with the first request, and not before', async () => {
  const port = new BroadcastChannel('token counter: loaded')
  let loads = 0
  port.onmessage = () => {
    loads += 1
  }
  const code = `
    import { parentPort } from 'node:worker_threads'
    new BroadcastChannel('token counter: loaded').postMessage(1)
    parentPort.on('message', ({ id }) => parentPort.postMessage({ id, counts: [loaded] }))
    const loaded = performance.now() + performance.timeOrigin
    parentPort.postMessage({ ready: true })`
  const counter = counterOn(threadOf(code))
  await counter.start?.()
  const requestedAt = performance.now() + performance.timeOrigin
  const [loadedAt = 0] = await counter.count([['a']])
  expect(loadedAt).toBeGreaterThan(requestedAt)
  await until(() => loads === 1)
  port.close()
})

test('a thread that fails rejects its requests', async () => {
  await expect(counterOn(failing).count([['a']])).rejects.toThrow('broken vocabulary')
})

test('an idle thread is terminated, and a new one counts after it', async () => {
  const started = new BroadcastChannel('token counter: started')
  let threads = 0
  let onStarted = () => {}
  started.onmessage = () => {
    threads += 1
    onStarted()
  }
  const code = `
    import { parentPort } from 'node:worker_threads'
    new BroadcastChannel('token counter: started').postMessage(1)
    parentPort.on('message', ({ id }) => parentPort.postMessage({ id, counts: [1] }))
    parentPort.postMessage({ ready: true })`
  const { count } = counterOn(threadOf(code), { deadlineMs: 60_000, idleMs: 0 })
  for (const expected of [1, 2]) {
    const next = new Promise<void>((resolve) => {
      onStarted = resolve
    })
    expect(await count([['a']])).toEqual([1])
    await next
    expect(threads).toBe(expected)
    // The idle timer was set when the count arrived, so that it fires before this one.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  started.close()
})

test('stopping rejects pending requests', async () => {
  const counter = counterOn(neverReady)
  const counting = counter.count([['a']])
  void counter.stop?.(AbortSignal.abort())
  await expect(counting).rejects.toThrow('stopped')
})
