import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createTokenCounter, type TokenCounter } from './token-counter.ts'

const built = pathToFileURL('dist/worker/usage/thread.js')
const neverAnswering = new URL('data:text/javascript,setInterval(() => {}, 1000)')
/** Counts 7 in everything but one text, with which it is never done. */
const stumblingCode = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ id, lists }) => {
    if (lists[0][0] !== 'trap') parentPort.postMessage({ id, counts: [7] })
  })`
const stumbling = new URL(`data:text/javascript,${encodeURIComponent(stumblingCode)}`)
const failing = new URL('data:text/javascript,throw new Error("broken vocabulary")')

function lend(thread: URL, times?: Parameters<typeof createTokenCounter>[1]): TokenCounter {
  const counter = createTokenCounter(thread, times)
  onTestFinished(() => void counter.stop?.(AbortSignal.abort()))
  return counter
}

test('counts as the vocabulary of gpt-4o does, marks of an end of text included', async () => {
  const { count } = lend(built)
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

test('answers several requests, each with its own', async () => {
  const { count } = lend(built)
  expect(await Promise.all([count([['a']]), count([['a b c']]), count([[]])])).toEqual([[1], [3], [0]])
})

test('a request that takes too long is given up, and the next one has a new thread', async () => {
  const { count } = lend(stumbling, { deadlineMs: 500, idleMs: 60_000 })
  await expect(count([['trap']])).rejects.toThrow('not counted within 500 ms')
  expect(await count([['a']])).toEqual([7])
})

test('a thread that fails is told, not thrown', async () => {
  await expect(lend(failing).count([['a']])).rejects.toThrow('broken vocabulary')
})

test('counts again after an idle thread was ended', async () => {
  const { count } = lend(built, { deadlineMs: 5_000, idleMs: 0 })
  expect(await count([['a']])).toEqual([1])
  await new Promise(setImmediate)
  expect(await count([['a']])).toEqual([1])
})

test('a counter that is stopped leaves nobody waiting', async () => {
  const counter = lend(neverAnswering)
  const counting = counter.count([['a']])
  void counter.stop?.(AbortSignal.abort())
  await expect(counting).rejects.toThrow('stopped')
})
