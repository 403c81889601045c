import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

test('runs so many at once, lets so many wait, and takes no more', async () => {
  const slots = createSlots(1, 1)
  const started: number[] = []
  const ends: (() => void)[] = []
  const task = (number: number) => () =>
    new Promise<number>((resolve) => {
      started.push(number)
      ends.push(() => resolve(number))
    })
  const [first, second, third] = [slots.run(task(1)), slots.run(task(2)), slots.run(task(3))]
  expect(third).toBeUndefined()
  expect(started).toEqual([1])
  ends[0]?.()
  expect(await first).toBe(1)
  await Promise.resolve()
  ends[1]?.()
  expect(await second).toBe(2)
})

test('a task that fails leaves its place', async () => {
  const slots = createSlots(1, 1)
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await slots.run(async () => 1)).toBe(1)
})
