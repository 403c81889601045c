import { expect, test } from 'vitest'
import { createBodyRoom } from './body-room.ts'

test('bodies take at most a share of the memory, and give back what they took', () => {
  const room = createBodyRoom(3_200)
  expect(room.take(60)).toBe(true)
  expect(room.take(41)).toBe(false)
  expect(room.take(40)).toBe(true)
  room.give(60)
  expect(room.take(60)).toBe(true)
})

test('a machine without a limit has room for 512 MiB', () => {
  const room = createBodyRoom(Number.POSITIVE_INFINITY)
  expect(room.take(512 * 1_048_576)).toBe(true)
  expect(room.take(1)).toBe(false)
})
