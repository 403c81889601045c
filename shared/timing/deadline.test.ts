import { expect, onTestFinished, test } from 'vitest'
import { DeadlineExceeded, withDeadline } from './deadline.ts'

const never = () => new Promise<never>(() => {})

test('a task in time gives its value or its error', async () => {
  expect(await withDeadline(1_000, () => 'sync')).toBe('sync')
  expect(await withDeadline(1_000, async () => 'async')).toBe('async')
  await expect(withDeadline(1_000, () => Promise.reject(new Error('own')))).rejects.toThrow('own')
  const throwing = () => {
    throw new Error('thrown')
  }
  await expect(withDeadline(1_000, throwing)).rejects.toThrow('thrown')
})

test('a task that takes longer is given up, by name', async () => {
  await expect(withDeadline(1, never)).rejects.toThrow(new DeadlineExceeded('not done within 1 ms'))
  await expect(withDeadline(1, never, 'Redis is silent')).rejects.toThrow('Redis is silent')
})

test('the signal aborts when the time is up, and that is the reason even when the task rejects by it', async () => {
  const heeding = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  await expect(withDeadline(1, heeding)).rejects.toThrow(DeadlineExceeded)
})

test('a late rejection of a task that was given up is not unhandled', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (cause: unknown) => unhandled.push(cause)
  process.on('unhandledRejection', onUnhandled)
  onTestFinished(() => void process.off('unhandledRejection', onUnhandled))
  let fail: (cause: Error) => void = () => undefined
  const late = () =>
    new Promise<never>((_, reject) => {
      fail = reject
    })
  await expect(withDeadline(1, late)).rejects.toThrow(DeadlineExceeded)
  fail(new Error('late'))
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(unhandled).toEqual([])
})
