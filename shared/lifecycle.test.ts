import { expect, test } from 'vitest'
import { createLifecycle, type Part } from './lifecycle.ts'

function parts(log: string[], failing?: string): Part[] {
  return ['one', 'two', 'three'].map((name) => ({
    name,
    start() {
      if (name === failing) throw new Error(`${name} does not start`)
      log.push(`start ${name}`)
    },
    stop() {
      log.push(`stop ${name}`)
      if (name === 'two') throw new Error('two does not stop')
    },
  }))
}

test('parts start in order and stop in reverse, also past one that fails to stop', async () => {
  const log: string[] = []
  const lifecycle = createLifecycle(parts(log), (part) => log.push(`failed ${part}`))
  await lifecycle.start()
  await lifecycle.stop(1_000)
  expect(log).toEqual([
    'start one',
    'start two',
    'start three',
    'stop three',
    'stop two',
    'failed two',
    'stop one',
  ])
})

test('a part that does not start stops those before it, and its error is told', async () => {
  const log: string[] = []
  const lifecycle = createLifecycle(parts(log, 'two'), () => undefined)
  await expect(lifecycle.start()).rejects.toThrow('two does not start')
  expect(log).toEqual(['start one', 'stop one'])
})

test('a part learns when the time for stopping is used up', async () => {
  const slow: Part = {
    name: 'slow',
    stop: (deadline) => new Promise((resolve) => deadline.addEventListener('abort', () => resolve())),
  }
  const lifecycle = createLifecycle([slow], () => undefined)
  await lifecycle.start()
  await lifecycle.stop(1)
})
