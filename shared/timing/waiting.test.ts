import { expect, onTestFinished, test } from 'vitest'
import { manyListenerAbort, rest, untilAborted } from './waiting.ts'

test('many may wait for the same signal, and Node does not take it for a leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))

  const controller = manyListenerAbort()
  const waits = Array.from({ length: 50 }, () => [
    untilAborted(controller.signal),
    rest(1e6, controller.signal),
  ])
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort()
  await Promise.all(waits.flat())
  expect(warnings).toEqual([])
})

test('any of several signals ends the waiting, one that is aborted already at once', async () => {
  const never = new AbortController().signal
  const controller = new AbortController()
  const waiting = untilAborted(never, controller.signal)
  controller.abort()
  await waiting
  await untilAborted(never, controller.signal)
})
