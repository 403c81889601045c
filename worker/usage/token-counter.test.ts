import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createTokenCounter, type TokenCounter } from './token-counter.ts'

const built = pathToFileURL('dist/worker/usage/thread.js')
const neverResponding = new URL('data:text/javascript,setInterval(() => {}, 1000)')
/** Counts 7 in any text but `trap`, which it never finishes. */
const hangingCode = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ id, lists }) => {
    if (lists[0][0] !== 'trap') parentPort.postMessage({ id, counts: [7] })
  })`
const hanging = new URL(`data:text/javascript,${encodeURIComponent(hangingCode)}`)
const failing = new URL('data:text/javascript,throw new Error("broken vocabulary")')

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

test('a request that takes too long is rejected, and the next one gets a new thread', async () => {
  const { count } = counterOn(hanging, { deadlineMs: 500, idleMs: 60_000 })
  await expect(count([['trap']])).rejects.toThrow('not counted within 500 ms')
  expect(await count([['a']])).toEqual([7])
})

test('a thread that fails rejects its requests', async () => {
  await expect(counterOn(failing).count([['a']])).rejects.toThrow('broken vocabulary')
})

test('a new thread counts after an idle one was terminated', async () => {
  const { count } = counterOn(built, { deadlineMs: 5_000, idleMs: 0 })
  expect(await count([['a']])).toEqual([1])
  await new Promise(setImmediate)
  expect(await count([['a']])).toEqual([1])
})

test('stopping rejects pending requests', async () => {
  const counter = counterOn(neverResponding)
  const counting = counter.count([['a']])
  void counter.stop?.(AbortSignal.abort())
  await expect(counting).rejects.toThrow('stopped')
})
