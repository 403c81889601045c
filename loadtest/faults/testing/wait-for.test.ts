import { expect, test } from 'vitest'
import { orGiveUp, waitFor } from './wait-for.ts'

const never = (): Promise<never> => new Promise(() => undefined)

test('a wait in vain ends with what it was for, and how far it came', async () => {
  let looks = 0
  const waiting = waitFor(
    () => `three looks, of which ${looks > 0 ? 'some' : 'none'} were made`,
    () => ++looks < 0,
    50,
  )
  await expect(waiting).rejects.toThrow('waited 0 s for three looks, of which some were made')
})

test('so does one whose condition hangs, or a task that never ends', async () => {
  await expect(waitFor('an answer', never, 20)).rejects.toThrow('waited 0 s for an answer')
  await expect(orGiveUp('an end', never, 20)).rejects.toThrow('waited 0 s for an end')
})

test('nothing is asked any more once a wait was given up', async () => {
  let looks = 0
  await waitFor('nothing', () => ++looks < 0, 30).catch(() => undefined)
  const then = looks
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(looks).toBeLessThanOrEqual(then + 1)
})

test('what a condition throws is passed on', async () => {
  const refused = (): never => {
    throw new Error('refused')
  }
  await expect(waitFor('anything', refused)).rejects.toThrow('refused')
})
