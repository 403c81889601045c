import { expect, test } from 'vitest'
import { roomFor } from './queue-room.ts'

const memory = (used: number, max: number) => `# Memory\r\nused_memory:${used}\r\nmaxmemory:${max}\r\n`

test('there is room for as many packs as fit below the limit', () => {
  expect(roomFor(memory(100, 0), 3, 10)).toEqual({ packs: 7 })
})

test('a queue at its limit has no room', () => {
  expect(roomFor(memory(100, 0), 10, 10)).toEqual({ packs: 0, trouble: 'packs_full' })
})

test('a Redis that uses more than 70 % of its memory limit has no room', () => {
  expect(roomFor(memory(70, 100), 0, 10)).toEqual({ packs: 10 })
  expect(roomFor(memory(71, 100), 0, 10)).toEqual({ packs: 0, trouble: 'memory_full' })
})

test('without a memory report from Redis only the number of packs decides', () => {
  expect(roomFor('', 0, 10)).toEqual({ packs: 10 })
})
