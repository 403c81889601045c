import { expect, onTestFinished, test, vi } from 'vitest'
import { createLoopWatch } from './loop-watch.ts'

function startLoopWatch() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let now = 0
  const delays: number[] = []
  const blocks: [ms: number, activity: string][] = []
  const watch = createLoopWatch({
    clock: { monotonic: () => now },
    onDelay: (ms) => delays.push(ms),
    onBlock: (ms, activity) => blocks.push([ms, activity]),
  })
  watch.start()
  /** Lets the timer be late by so many ms. */
  const pass = (lateMs: number) => {
    now += 20 + lateMs
    vi.advanceTimersByTime(20)
  }
  /** Lets time pass in which the timer cannot run. */
  const wait = (ms: number) => {
    now += ms
  }
  return { watch, delays, blocks, pass, wait }
}

test('tells by how much the loop was late, each time', () => {
  const { delays, blocks, pass } = startLoopWatch()
  for (const lateMs of [0, 3, 50]) pass(lateMs)
  expect(delays).toEqual([0, 3, 50])
  expect(blocks).toEqual([])
})

test('a block is told with what was begun last', () => {
  const { watch, blocks, pass } = startLoopWatch()
  watch.note('/v1/embeddings')
  watch.note('/v1/chat/completions')
  pass(51)
  pass(0)
  expect(blocks).toEqual([[51, '/v1/chat/completions']])
})

test('a block is told with what took the time, not with what ran in between', () => {
  const { watch, blocks, pass, wait } = startLoopWatch()
  watch.note('a request for /metrics')
  wait(60)
  watch.note('reading the tape')
  pass(5)
  expect(blocks).toEqual([[65, 'a request for /metrics']])
})

test('a watch that was stopped looks no more', () => {
  const { watch, delays } = startLoopWatch()
  watch.stop()
  vi.advanceTimersByTime(100)
  expect(delays).toEqual([])
})
