import { expect, onTestFinished, test, vi } from 'vitest'
import { createLifecycle, type Part } from './lifecycle.ts'

/** Within it a part that does not stop is given up, milliseconds. */
const graceMs = 20

function lend(...parts: readonly (Part | string)[]) {
  const log: string[] = []
  const logged = (part: Part | string): Part => {
    const { name, start, stop } = typeof part === 'string' ? ({ name: part } as Part) : part
    return {
      name,
      start() {
        start?.()
        log.push(`start ${name}`)
      },
      stop(deadline) {
        log.push(`stop ${name}`)
        return stop?.(deadline)
      },
    }
  }
  const onStopFailure = (part: string, cause: unknown) => log.push(`${part}: ${(cause as Error).message}`)
  return { log, lifecycle: createLifecycle(parts.map(logged), onStopFailure, graceMs) }
}

const hanging = (name: string): Part => ({ name, stop: () => new Promise(() => {}) })

const failing = (what: 'start' | 'stop'): Part => ({
  name: 'failing',
  [what]() {
    throw new Error(`does not ${what}`)
  },
})

test('parts start in order and stop in reverse, also past one that fails to stop', async () => {
  const { log, lifecycle } = lend('one', failing('stop'), 'three')
  await lifecycle.start()
  expect(await lifecycle.stop(1_000)).toEqual([])
  expect(log).toEqual([
    'start one',
    'start failing',
    'start three',
    'stop three',
    'stop failing',
    'failing: does not stop',
    'stop one',
  ])
})

test('a part that does not start stops those before it, and its error is reported', async () => {
  const { log, lifecycle } = lend('one', failing('start'), 'three')
  await expect(lifecycle.start()).rejects.toThrow('does not start')
  expect(log).toEqual(['start one', 'stop one'])
})

test('a part learns when the time for stopping is used up, and has a grace to finish', async () => {
  const slow: Part = {
    name: 'slow',
    stop: (deadline) =>
      new Promise((resolve) =>
        deadline.addEventListener('abort', () => {
          setTimeout(resolve, graceMs / 4)
        }),
      ),
  }
  const { log, lifecycle } = lend(slow)
  await lifecycle.start()
  expect(await lifecycle.stop(1)).toEqual([])
  expect(log).toEqual(['start slow', 'stop slow'])
})

test('a part that never stops is named, and those before it are stopped all the same', async () => {
  const { log, lifecycle } = lend('one', hanging('two'), 'three')
  await lifecycle.start()
  expect(await lifecycle.stop(1)).toEqual(['two'])
  expect(log.slice(3)).toEqual([
    'stop three',
    'stop two',
    'two: the part "two" did not stop in time',
    'stop one',
  ])
})

test('two parts that never stop are both named', async () => {
  const { log, lifecycle } = lend('one', hanging('two'), hanging('three'))
  await lifecycle.start()
  expect(await lifecycle.stop(1)).toEqual(['three', 'two'])
  expect(log.slice(3)).toEqual([
    'stop three',
    'three: the part "three" did not stop in time',
    'stop two',
    'two: the part "two" did not stop in time',
    'stop one',
  ])
})

test('parts that hang share the grace: it is no longer for many than for one', async () => {
  const { lifecycle } = lend(...['1', '2', '3', '4', '5'].map(hanging), 'healthy')
  await lifecycle.start()
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const stopped = lifecycle.stop(1)
  await vi.advanceTimersByTimeAsync(1 + 2 * graceMs)
  expect(await stopped).toEqual(['5', '4', '3', '2', '1'])
})

test('a part that rejects after it was given up is not an unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (cause: unknown) => unhandled.push(cause)
  process.on('unhandledRejection', onUnhandled)
  onTestFinished(() => void process.off('unhandledRejection', onUnhandled))
  let reject: (cause: Error) => void = () => undefined
  const late: Part = {
    name: 'late',
    stop: () =>
      new Promise((_, rejectStop) => {
        reject = rejectStop
      }),
  }
  const { log, lifecycle } = lend(late)
  await lifecycle.start()
  await lifecycle.stop(1)
  reject(new Error('late'))
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(log.slice(2)).toEqual(['late: the part "late" did not stop in time'])
  expect(unhandled).toEqual([])
})

test('where starting fails, a part that never stops does not hide it', async () => {
  const { log, lifecycle } = lend('one', hanging('two'), failing('start'))
  await expect(lifecycle.start(1)).rejects.toThrow('does not start')
  expect(log.slice(2)).toEqual(['stop two', 'two: the part "two" did not stop in time', 'stop one'])
})

test.each([
  ['aborts', () => void 0],
  ['has aborted before', (force: AbortController) => force.abort()],
])('the time ends early when the force signal %s', async (_, before) => {
  const force = new AbortController()
  before(force)
  const { lifecycle } = lend(hanging('one'))
  await lifecycle.start()
  const stopping = lifecycle.stop(60_000, force.signal)
  force.abort()
  expect(await stopping).toEqual(['one'])
})
