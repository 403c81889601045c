import { expect, onTestFinished, test } from 'vitest'
import { manyListenerAbort, untilAborted } from './abort.ts'
import { pause } from './pause.ts'

test('many may wait for the same signal without a warning of Node', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))

  const controller = manyListenerAbort()
  const waits = Array.from({ length: 50 }, () => [
    untilAborted(controller.signal),
    pause(1e6, controller.signal),
  ])
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort()
  await Promise.all(waits.flat())
  expect(warnings).toEqual([])
})

test('the first of several signals resolves, and one that has aborted already does so at once', async () => {
  const never = new AbortController().signal
  const controller = new AbortController()
  const waiting = untilAborted(never, controller.signal)
  controller.abort()
  await waiting
  await untilAborted(never, controller.signal)
})
